using System.Runtime.CompilerServices;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Hosts;

namespace FunctionsBroker.Functions.Events;

/// <summary>One listener's way through a turn: from its row to its host and back, until the last event.</summary>
internal sealed class TurnListener(
    TurnWatch watch,
    TurnStory story,
    IMailboxView mailbox,
    HostDirectory hosts,
    HostEventsClient client,
    ListeningPace pace,
    TimeProvider time)
{
    public async IAsyncEnumerable<NumberedEvent> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var told in story.Open(watch.Turn))
        {
            yield return told;
        }

        while (!story.HasEnded)
        {
            await foreach (var told in FollowAsync(cancellationToken))
            {
                watch.Stir();
                yield return told;
            }

            foreach (var told in await TellRowAsync(cancellationToken))
            {
                yield return told;
            }

            if (!story.HasEnded)
            {
                await watch.PauseAsync(cancellationToken);
            }
        }
    }

    /// <summary>What the turn's row has to say when no host has more to tell.</summary>
    private async Task<IReadOnlyList<NumberedEvent>> TellRowAsync(CancellationToken cancellationToken)
    {
        var turn = watch.Turn;
        if (story.HasEnded)
        {
            return [];
        }

        if (watch.IsGone)
        {
            return [story.Vanish()];
        }

        if (turn.Status.IsTerminal())
        {
            return story.End(turn);
        }

        if (turn.Status == TurnStatus.Queued && watch.IsSettled)
        {
            var position = await watch.TryAsync(
                () => mailbox.FindPositionAsync(turn.SessionId, turn.TurnId, cancellationToken),
                cancellationToken);
            return position is { } place ? story.Wait(place) : [];
        }

        return [];
    }

    /// <summary>What the host of the turn's latest attempt tells, as long as that attempt is the latest.</summary>
    private async IAsyncEnumerable<NumberedEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (FindAttempt() is not { } attempt || await OpenAsync(attempt, cancellationToken) is not { } opened)
        {
            yield break;
        }

        await using var stream = opened;
        foreach (var told in story.Begin(attempt))
        {
            yield return told;
        }

        // A failure on one host is not that of the turn: what becomes of it, the row will say.
        while (!story.HasEnded && await NextAsync(stream, attempt, cancellationToken) is { Event: not TurnEvent.Failed } heard)
        {
            if (story.Forward(heard) is { } told)
            {
                yield return told;
            }
        }
    }

    /// <returns>The attempt whose host may have something to tell, if any.</returns>
    private TurnAttempt? FindAttempt() =>
        watch.Turn switch
        {
            _ when watch.IsGone || story.TellsReplyWhole || story.HasEnded => null,
            { Status: TurnStatus.Running, Attempts: [.., { Outcome: AttemptOutcome.Running } latest] } => latest,
            { Status: TurnStatus.Completed, Attempts: [.., { Outcome: AttemptOutcome.Completed } latest] } turn
                when time.GetUtcNow() - turn.Timings.FinishedAt < pace.Replayable => latest,
            _ => null,
        };

    private async Task<HostEventStream?> OpenAsync(TurnAttempt attempt, CancellationToken cancellationToken)
    {
        var known = await watch.TryAsync(() => hosts.ListAsync(cancellationToken), cancellationToken);
        var host = known?.FirstOrDefault(candidate => candidate.HostId == attempt.HostId);
        return host is null
            ? null
            : await client.ListenAsync(host, watch.Turn.SessionId, watch.Turn.TurnId, story.HostEventIdIn(attempt), cancellationToken);
    }

    /// <returns>Null when the host has told all that it knows, or is no longer the one to ask.</returns>
    private async Task<NumberedEvent?> NextAsync(HostEventStream stream, TurnAttempt attempt, CancellationToken cancellationToken)
    {
        var reading = stream.ReadAsync();
        var asked = time.GetTimestamp();
        long? ended = null;
        while (!reading.IsCompleted)
        {
            await watch.WaitAsync(reading, ended is null ? pace.Look : pace.Grace, cancellationToken);
            if (reading.IsCompleted)
            {
                break;
            }

            if (ended is { } since && time.GetElapsedTime(since) >= pace.Grace || time.GetElapsedTime(asked) >= pace.Quiet)
            {
                return null;
            }

            await watch.LookAsync(cancellationToken);
            if (watch.IsGone || watch.Turn.Attempts is not [.., var latest] || latest.Number != attempt.Number)
            {
                return null;
            }

            ended ??= watch.Turn.Status.IsTerminal() ? time.GetTimestamp() : null;
        }

        return await reading;
    }
}
