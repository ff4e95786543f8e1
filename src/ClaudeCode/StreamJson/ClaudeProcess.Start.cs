using System.ComponentModel;
using FunctionsBroker.ClaudeCode.Processes;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.StreamJson;

public sealed partial class ClaudeProcess
{
    /// <summary>Longer than any start that was measured: 0.3 s alone, 10 s among thirty at once.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    /// <summary>Starts a process and waits until it takes prompts.</summary>
    /// <remarks>The CLI prints nothing by itself before the first prompt; its answer to <c>initialize</c> says that it is ready.</remarks>
    internal static async Task<ClaudeStart> StartAsync(
        CliLaunch launch,
        bool resume,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        ClaudeProcess process;
        try
        {
            process = new ClaudeProcess(CliProcess.Start(launch, time, logger), resume, oneShot: false, time, logger);
        }
        catch (Win32Exception exception)
        {
            return new ClaudeStart.Failed(exception.Message);
        }

        var start = await process.InitializeAsync(cancellationToken);
        var abandoned = cancellationToken.IsCancellationRequested;
        if (abandoned || start is not ClaudeStart.Ready)
        {
            await process.DisposeAsync();
        }

        return abandoned ? throw new OperationCanceledException(cancellationToken) : start;
    }

    /// <summary>Starts a process that is given one prompt and ends with its answer; no control request is made of it.</summary>
    /// <returns>Ready, or failed at once. What the CLI has against the conversation is known after the turn: see <see cref="Explain"/>.</returns>
    internal static ClaudeStart StartOneShot(CliLaunch launch, bool resume, TimeProvider time, ILogger logger)
    {
        try
        {
            return new ClaudeStart.Ready(new ClaudeProcess(CliProcess.Start(launch, time, logger), resume, oneShot: true, time, logger));
        }
        catch (Win32Exception exception)
        {
            return new ClaudeStart.Failed(exception.Message);
        }
    }

    private async Task<ClaudeStart> InitializeAsync(CancellationToken cancellationToken)
    {
        // A caller who no longer waits ends the process, and with it the request.
        await using var giveUp = cancellationToken.UnsafeRegister(_ => _process.EndAtOnce(), null);
        try
        {
            return await RequestAsync("initialize", s_startPatience) is { } refusal
                ? new ClaudeStart.Failed($"The CLI refused to begin: {refusal}")
                : new ClaudeStart.Ready(this);
        }
        catch (TimeoutException)
        {
            return new ClaudeStart.Failed($"The process was not ready within {s_startPatience.TotalSeconds:0} seconds.");
        }
        catch (IOException)
        {
            return Explain(await _process.StopAsync(CliStopBounds.Polite));
        }
    }

    /// <summary>Why a process ended at once, which is only said in words, on stderr.</summary>
    internal static ClaudeStart Explain(CliExit exit)
    {
        if (exit.StandardErrorTail.Any(line => line.Contains("No conversation found", StringComparison.Ordinal)))
        {
            return new ClaudeStart.NoConversation();
        }

        return exit.StandardErrorTail.Any(line => line.Contains("is already in use", StringComparison.Ordinal))
            ? new ClaudeStart.ConversationExists()
            : new ClaudeStart.Failed($"The process ended at once with {exit.Describe()}");
    }
}
