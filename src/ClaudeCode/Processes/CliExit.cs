namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="ExitCode">128 plus the signal's number when a signal ended it.</param>
/// <param name="StandardErrorTail">The last lines that it wrote to stderr, oldest first.</param>
public sealed record CliExit(int ExitCode, IReadOnlyList<string> StandardErrorTail)
{
    /// <summary>For a person: the code and the last line of stderr.</summary>
    public string Describe() =>
        StandardErrorTail is [.., var last] ? $"exit code {ExitCode}: {last}" : $"exit code {ExitCode}";
}

/// <summary>How long each step of stopping a process may take.</summary>
/// <param name="AfterEndOfInput">After its stdin was closed; a process that ends by itself does so here.</param>
/// <param name="AfterTerminate">After SIGTERM; then the family is killed.</param>
public sealed record CliStopBounds(TimeSpan AfterEndOfInput, TimeSpan AfterTerminate)
{
    /// <summary>For a process that is idle: 5 s for each step; measured are 0.03 to 0.12 s.</summary>
    public static CliStopBounds Polite { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));

    /// <summary>For a process that hangs or must not go on: killed at once.</summary>
    public static CliStopBounds AtOnce { get; } = new(TimeSpan.Zero, TimeSpan.Zero);
}
