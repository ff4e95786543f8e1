using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Ends turns and sends their reply messages.</summary>
internal sealed partial class TurnPublisher(
    ITurnStore turns,
    ReplySender replies,
    TurnProbe probe,
    TurnNotifier notifier,
    OpenTurns open,
    TimeProvider time,
    ILogger<TurnPublisher> logger)
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes sure that the turn has ended, then sends its reply where one is wanted.</summary>
    public async Task PublishAsync(PublishReply input, CancellationToken cancellationToken)
    {
        if (await EndAsync(input, cancellationToken) is not var (ended, abandoned))
        {
            LogNoRow(input.TurnId.Value, input.SessionId.Value);
            return;
        }

        var turn = ended.Value;
        using var step = Diagnostics.StartStep("publish reply", turn);
        Tell(turn);
        await replies.SendAsync(await LetFollowerSendAsync(ended, cancellationToken), cancellationToken);
        if (abandoned is not null)
        {
            await StopAsync(new ProbeTurn(turn.SessionId, turn.TurnId, abandoned), cancellationToken);
        }
    }

    /// <summary>Sends the reply of a turn of which this front has heard from its host that it was answered.</summary>
    public async Task PublishHeardAsync(TurnRecord turn, CancellationToken cancellationToken)
    {
        using var step = Diagnostics.StartStep("publish reply", turn);
        Tell(turn);
        if (turn.ReplyTo is not null && await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) is { } ended)
        {
            await replies.SendAsync(ended, cancellationToken);
        }
    }

    private void Tell(TurnRecord ended)
    {
        notifier.Announce(ended.SessionId, ended.TurnId);
        open.Leave(ended.SessionId, ended.TurnId);
        LogEnded(ended.TurnId.Value, ended.SessionId.Value, ended.Status, ended.Problem?.Code);
    }

    // The front that was on the line is about to send it: two would send it twice.
    private async Task<Versioned<TurnRecord>> LetFollowerSendAsync(Versioned<TurnRecord> ended, CancellationToken cancellationToken)
    {
        while (ended.Value is { IsSettled: false, FollowedUntil: { } until } turn && time.GetUtcNow() < until)
        {
            await Task.Delay(s_lookAgain, time, cancellationToken);
            ended = await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) ?? ended;
        }

        return ended;
    }

    /// <returns>The row of the turn that has ended, and where it may still run in vain; null when there is no row.</returns>
    private async Task<(Versioned<TurnRecord> Ended, Placement? Abandoned)?> EndAsync(PublishReply input, CancellationToken cancellationToken)
    {
        while (await turns.FindAsync(input.SessionId, input.TurnId, cancellationToken) is { } found)
        {
            var turn = found.Value;
            if (turn.Status.IsTerminal())
            {
                return (found, null);
            }

            try
            {
                var problem = input.Problem ?? ProblemCatalogue.InternalError(input.TurnId.Value);
                var ended = await turns.UpdateAsync(found, TurnAttempts.End(turn, problem, time.GetUtcNow()), cancellationToken);
                return (ended, turn.Attempts is [.., { Outcome: AttemptOutcome.Running } open] ? new Placement(open.HostId, open.Epoch) : null);
            }
            catch (ConcurrencyConflictException)
            {
                // A host ended the turn meanwhile: read it, its word counts.
            }
        }

        return null;
    }

    // The turn has ended without its host, whose answer no longer counts: stopping it there only saves the work.
    private async Task StopAsync(ProbeTurn attempt, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_stopPatience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await probe.CancelAsync(attempt, linked.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotStopped(exception, attempt.TurnId.Value, attempt.SessionId.Value, attempt.Placement.HostId);
        }
    }

    [LoggerMessage(EventIds.TurnPublished, LogLevel.Information, "Turn {TurnId} of session {SessionId} ended: {Status} {Code}")]
    private partial void LogEnded(string turnId, string sessionId, TurnStatus status, string? code);

    [LoggerMessage(EventIds.TurnWithoutRow, LogLevel.Warning, "Turn {TurnId} of session {SessionId} has no row any more; it has no reply")]
    private partial void LogNoRow(string turnId, string sessionId);

    [LoggerMessage(EventIds.AttemptNotStopped, LogLevel.Information, "Turn {TurnId} of session {SessionId} has ended, but {HostId} could not be told to stop it")]
    private partial void LogNotStopped(Exception exception, string turnId, string sessionId, string hostId);
}
