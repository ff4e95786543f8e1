namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>What to run: nothing is inherited, everything the child gets is named here.</summary>
internal sealed record CliLaunch
{
    /// <summary>A path, or a name that is looked up in the child's own <c>PATH</c>.</summary>
    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>The child's whole environment, but for the mark that <see cref="CliProcess"/> adds.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public OutputCut Output { get; init; } = OutputCut.Lines;

    /// <summary>What the process holds; disposed when it has ended with all its descendants, or was not started.</summary>
    public IDisposable? Held { get; init; }
}

/// <summary>How a child's output is handed on.</summary>
internal enum OutputCut
{
    /// <summary>Each line when its newline has come.</summary>
    Lines,

    /// <summary>Whatever has come, as soon as it has: a screen is painted without newlines.</summary>
    Chunks,
}
