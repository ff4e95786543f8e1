namespace FunctionsBroker.Cli.Processes;

/// <summary>How to start one part of the broker.</summary>
internal sealed record PartCommand
{
    /// <summary>What the part is called in logs and records.</summary>
    public required string Name { get; init; }

    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment: nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>Answers a GET as soon as the part can work; null means that it can from the start.</summary>
    public Uri? ReadyUrl { get; init; }

    /// <summary>Any answer of <see cref="ReadyUrl"/> will do, not only a success.</summary>
    public bool AnyAnswerIsReady { get; init; }

    /// <summary>What a line of output begins with by which the part says that all of it is ready; null means that <see cref="ReadyUrl"/> tells it alone.</summary>
    public string? ReadyLine { get; init; }

    /// <summary>How long the part may take to stop when asked to, before it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
