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
