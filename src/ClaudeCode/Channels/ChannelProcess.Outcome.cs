using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

public sealed partial class ChannelProcess
{
    /// <summary>Sees to it that nothing of the turn can happen any more, and says how it went.</summary>
    private async Task<ChannelOutcome> ConcludeAsync(ChannelEnd end, ChannelTurn turn, ActiveChannel active, ChannelTranscript transcript)
    {
        switch (end)
        {
            case ChannelEnd.Answered(var text):
                if (turn.Deliveries > 1)
                {
                    // The first push may have been late only: what is still in the queue must not run.
                    await StopAsync(CliStopBounds.AtOnce);
                }

                return Answered(text, turn.Trace);
            case ChannelEnd.Failed(var problem):
                return new ChannelOutcome(new TurnOutcome.Failed(problem), turn.Trace.ToolsUsed);
            case ChannelEnd.Undelivered:
                LogUndelivered(_logger, Identity.Pid, turn.Deliveries);
                return await LookOnceMoreAsync(active, transcript, exit => null, ProblemCatalogue.ChannelNotDelivered(_bounds.Arrival));
            case ChannelEnd.Stuck(var reason):
                return await LookOnceMoreAsync(active, transcript, _ => new TurnOutcome.Failed(reason), null);
            case ChannelEnd.Lost:
                return await LookOnceMoreAsync(active, transcript, exit => new TurnOutcome.ProcessEnded(exit), null);
            default:
                throw new UnreachableException(end.GetType().Name);
        }
    }

    /// <summary>Ends the process, which alone proves that nothing follows, and reads what it has left in the transcript.</summary>
    /// <param name="outcome">Of a turn without an answer.</param>
    /// <param name="unseen">Of a turn that the transcript does not know; null where that says nothing.</param>
    private async Task<ChannelOutcome> LookOnceMoreAsync(ActiveChannel active, ChannelTranscript transcript, Func<CliExit, TurnOutcome?> outcome, Problem? unseen)
    {
        var exit = await StopAsync(CliStopBounds.AtOnce);
        var trace = await transcript.ReadAsync(CancellationToken.None);
        if (trace.Answer is { } answer && outcome(exit) is not TurnOutcome.Failed)
        {
            // It may have replied by the tool when it was given up already.
            return Answered(active.Replied ?? answer, trace);
        }

        return new ChannelOutcome(
            unseen is not null && !trace.IsSeen ? new TurnOutcome.NotStarted(unseen) : outcome(exit) ?? new TurnOutcome.ProcessEnded(exit),
            trace.ToolsUsed);
    }

    // What a turn costs the interactive CLI does not tell.
    private static ChannelOutcome Answered(string text, ChannelTrace trace) =>
        new(new TurnOutcome.Completed(new ClaudeAnswer(text, trace.Usage, 0, null)), trace.ToolsUsed);

    [LoggerMessage(EventIds.ChannelUndelivered, LogLevel.Warning, "Process {Pid}: {Deliveries} deliveries of a prompt showed no sign of arrival; the process is stopped")]
    private static partial void LogUndelivered(ILogger logger, int pid, int deliveries);
}
