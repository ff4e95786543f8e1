using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Processes;

internal sealed partial class CliProcess
{
    [LoggerMessage(EventIds.CliProcessStarted, LogLevel.Debug, "Process {Pid} started: {FileName}")]
    private static partial void LogStarted(ILogger logger, int pid, string fileName);

    [LoggerMessage(EventIds.CliProcessEnded, LogLevel.Debug, "Process {Pid} ended with exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, int pid, int exitCode);

    [LoggerMessage(EventIds.EndedAtEndOfInput, LogLevel.Debug, "Process {Pid} ended when its input was closed")]
    private static partial void LogEndedAtEndOfInput(ILogger logger, int pid);

    [LoggerMessage(EventIds.CliProcessTerminated, LogLevel.Information, "Process {Pid} went on after its input was closed and was terminated")]
    private static partial void LogTerminated(ILogger logger, int pid);

    [LoggerMessage(EventIds.CliProcessKilled, LogLevel.Information, "Process {Pid} was killed")]
    private static partial void LogKilled(ILogger logger, int pid);

    [LoggerMessage(EventIds.PipeAbandoned, LogLevel.Debug, "Process {Pid} has ended, but somebody else holds its {Pipe} open")]
    private static partial void LogPipeAbandoned(ILogger logger, int pid, string pipe);

    [LoggerMessage(EventIds.StandardError, LogLevel.Debug, "Process {Pid} stderr: {Line}")]
    private static partial void LogStandardError(ILogger logger, int pid, string line);
}
