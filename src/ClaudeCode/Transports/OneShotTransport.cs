using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Starts a process for the turn alone: one prompt in, the end of its stdin, the answer, the end of the process.</summary>
/// <remarks>It uses no control requests, so it works where those do not; what it cannot do is ask for permissions.</remarks>
public sealed class OneShotTransport(ClaudeLauncher launcher, TimeProvider time) : ITransport
{
    public string Name => ClaudeTransports.OneShot;

    public async Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(bounds);

        var started = time.GetTimestamp();
        if (await turn.Process.ClearAsync(stopping) is { } problem)
        {
            return ProcessStart.NotStarted(problem);
        }

        return await PromptDelivery.RunAsync(turn, async delivery =>
        {
            var result = await delivery.AskAsync(
                (introduced, messageId) => RunOnceAsync(introduced, messageId, bounds.After(time.GetElapsedTime(started)), stopping),
                mayBeKnown: true);
            return result with { Elapsed = time.GetElapsedTime(started) };
        });
    }

    private async Task<TransportResult> RunOnceAsync(TransportTurn turn, Guid messageId, TurnBounds bounds, CancellationToken stopping)
    {
        var (result, _) = await launcher.ResumeOrBeginAsync(
            turn.Conversation,
            resume => RunProcessAsync(turn, messageId, resume, bounds, stopping),
            ended => ended.Refusal);
        return turn.Conversation.HasHistory && result.Process is { Resumed: false }
            ? result with { Notices = [ClaudeLauncher.HistoryLostNotice] }
            : result;
    }

    /// <returns>How it went, and what the CLI had against the conversation if it refused it.</returns>
    private async Task<(TransportResult Result, ClaudeStart? Refusal)> RunProcessAsync(
        TransportTurn turn,
        Guid messageId,
        bool resume,
        TurnBounds bounds,
        CancellationToken stopping)
    {
        var start = launcher.StartOneShot(turn.Conversation, resume);
        if (start is not ClaudeStart.Ready(var process))
        {
            return (NotStarted((start as ClaudeStart.Failed)?.Detail ?? "It could not be started."), null);
        }

        await using (process)
        {
            await turn.Process.EnterAsync(process.Identity);
            try
            {
                var outcome = await process.RunAsync(messageId, turn.Prompt, bounds, turn.Observer, stopping);
                var exit = await process.StopAsync(CliStopBounds.Polite);
                var result = process.IsSilent && outcome is (TurnOutcome.ProcessEnded or TurnOutcome.Failed { Problem.Code: ProblemCodes.TurnTimedOut })
                    ? NotStarted($"It said nothing and ended with {exit.Describe()}")
                    : new TransportResult(outcome);
                return (
                    result with { Process = process.Describe(), ToolsUsed = process.ToolsUsed },
                    outcome is TurnOutcome.Failed or TurnOutcome.ProcessEnded ? ClaudeProcess.Explain(exit) : null);
            }
            finally
            {
                turn.Process.Leave(process.Identity);
            }
        }
    }

    private static TransportResult NotStarted(string detail) =>
        ProcessStart.NotStarted(ProblemCatalogue.ProcessStartFailed(detail));
}
