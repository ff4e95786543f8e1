namespace FunctionsBroker.Cli;

/// <summary>A command cannot go on; the message says why and what to do, and is all that the user sees.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
