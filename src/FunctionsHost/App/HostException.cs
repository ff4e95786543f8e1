namespace FunctionsBroker.FunctionsHost.App;

/// <summary>Why the host cannot run: one line for whoever started it, and the exit code.</summary>
internal sealed class HostException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>The exit codes of the host.</summary>
internal static class ExitCodes
{
    /// <summary>Stopped by a signal.</summary>
    public const int Ok = 0;

    /// <summary>Something that is this program's fault.</summary>
    public const int Failure = 1;

    /// <summary>Wrong arguments.</summary>
    public const int Usage = 2;

    /// <summary>The folder holds no app that this host runs, or its settings are wrong.</summary>
    public const int App = 3;

    /// <summary>The address is in use.</summary>
    public const int Address = 4;

    /// <summary>The storage account is not named or does not answer.</summary>
    public const int Storage = 5;

    /// <summary>The app's worker ended before it was ready.</summary>
    public const int Worker = 6;
}
