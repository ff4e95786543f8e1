namespace FunctionsBroker.Cli;

/// <summary>A command cannot go on; the message says why and what to do, and is all that the user sees.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>The exit codes of <c>broker</c>, also in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A part, a turn or a check failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The data folder is in use by another <c>up</c>, or no <c>up</c> is running where one is needed.</summary>
    public const int WrongState = 3;
}
