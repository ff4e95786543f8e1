using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Events;

/// <summary>What one listener is to be told, in an order that makes sense whatever it was told before. No I/O.</summary>
/// <param name="cursor">How far the listener has come.</param>
internal sealed class TurnStory(EventCursor cursor)
{
    private const string UnknownId = "This listener's last event is not one of this stream; it begins anew.";
    private const string AnotherAttempt = "The turn is being run again.";
    private const string NotKept = "Some of what happened is no longer kept; the reply follows whole.";

    public EventCursor Cursor { get; private set; } = cursor;

    /// <summary>Whether the last event has been told.</summary>
    public bool HasEnded => Cursor.Stage == EventStage.Ended;

    /// <summary>Whether the reply can only be told whole from now on.</summary>
    public bool TellsReplyWhole => Cursor.Stage is EventStage.Replaced or EventStage.Told;

    /// <summary>Where the listener has left off in this attempt, by its host's id; null at its beginning.</summary>
    public string? HostEventIdIn(TurnAttempt attempt) => Cursor.Attempt == attempt.Number ? Cursor.HostEventId : null;

    /// <summary>What comes first.</summary>
    public IReadOnlyList<NumberedEvent> Open(TurnRecord turn) =>
        Cursor.Stage switch
        {
            EventStage.Nothing => [Tell(new(EventStage.Accepted), new TurnEvent.Accepted(turn.Timings.CreatedAt))],

            // Nothing that comes next may be taken for what follows on the screen.
            EventStage.Unknown => [Tell(new(EventStage.Accepted), new TurnEvent.Reset(UnknownId))],
            _ => [],
        };

    /// <summary>The turn waits, with so many before it and itself.</summary>
    public IReadOnlyList<NumberedEvent> Wait(int position) =>
        Cursor.Stage == EventStage.Accepted && Cursor.Position != position
            ? [Tell(new(EventStage.Accepted, Position: position), new TurnEvent.Queued(position))]
            : [];

    /// <summary>A host has an attempt of the turn.</summary>
    public IReadOnlyList<NumberedEvent> Begin(TurnAttempt attempt)
    {
        List<NumberedEvent> told = [];
        if (Cursor.Attempt != 0 && Cursor.Attempt != attempt.Number)
        {
            told.Add(Tell(new(EventStage.Reset, attempt.Number), new TurnEvent.Reset(AnotherAttempt)));
        }

        if (Cursor is not { Stage: EventStage.Following })
        {
            told.Add(Tell(new(EventStage.Following, attempt.Number), new TurnEvent.Started(attempt.StartedAt)));
        }

        return told;
    }

    /// <summary>What the host of the present attempt tells.</summary>
    /// <returns>Null for what the front tells itself.</returns>
    public NumberedEvent? Forward(NumberedEvent heard) =>
        heard.Event switch
        {
            TurnEvent.Started => null,
            TurnEvent.Completed => Tell(new(EventStage.Ended), heard.Event),
            _ => Tell(Cursor with { HostEventId = heard.Id }, heard.Event),
        };

    /// <summary>The turn has ended, and this is what its row says of it.</summary>
    public IReadOnlyList<NumberedEvent> End(TurnRecord turn)
    {
        List<NumberedEvent> told = [];
        if (Cursor.Attempt == 0 && !TellsReplyWhole && turn.Timings.StartedAt is { } startedAt)
        {
            told.Add(Tell(new(EventStage.Following, Math.Max(turn.Attempts.Count, 1)), new TurnEvent.Started(startedAt)));
        }

        if (turn is { Status: TurnStatus.Completed, Reply: { } reply })
        {
            told.AddRange(TellWhole(reply));
            told.Add(Tell(new(EventStage.Ended), new TurnEvent.Completed(reply)));
        }
        else
        {
            var outcome = turn.Status == TurnStatus.Cancelled ? AttemptOutcome.Cancelled : AttemptOutcome.Failed;
            var problem = turn.Problem ?? ProblemCatalogue.InternalError(turn.TurnId.Value);
            told.Add(Tell(new(EventStage.Ended), new TurnEvent.Failed(outcome, problem) { Status = turn.Status }));
        }

        return told;
    }

    /// <summary>The turn's row is gone.</summary>
    public NumberedEvent Vanish() =>
        Tell(new(EventStage.Ended), new TurnEvent.Failed(AttemptOutcome.Failed, ProblemCatalogue.TurnNotFound()) { Status = TurnStatus.Failed });

    private List<NumberedEvent> TellWhole(Reply reply)
    {
        List<NumberedEvent> told = [];
        if (Cursor.Stage == EventStage.Told)
        {
            return told;
        }

        if (Cursor.HostEventId is not null)
        {
            told.Add(Tell(new(EventStage.Replaced), new TurnEvent.Reset(NotKept)));
        }

        if (reply.Text.Length > 0)
        {
            told.Add(Tell(new(EventStage.Told), new TurnEvent.Delta(reply.Text)));
        }

        return told;
    }

    private NumberedEvent Tell(EventCursor next, TurnEvent turnEvent)
    {
        Cursor = next;
        return new NumberedEvent(next.ToString(), turnEvent);
    }
}
