using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>An episode being put together: what the waiting messages mean for the orchestration, before its code runs.</summary>
internal sealed class EpisodeDraft
{
    private readonly InstanceDocument _document;
    private readonly DateTimeOffset _now;
    private bool _startLies;

    public EpisodeDraft(InstanceDocument document, IReadOnlyList<Message.TaskSettled> settled, DateTimeOffset now)
    {
        _document = document;
        _now = now;
        Current = document.Orchestration is { IsTerminal: false } running ? running.Start : null;
        if (document.Orchestration is { IsUnstarted: true } unstarted)
        {
            News.Add(new HistoryEvent.ExecutionStarted());
            News.AddRange(unstarted.Carried);
        }

        foreach (QueuedMessage queued in document.Inbox)
        {
            Take(queued);
        }

        foreach (Message.TaskSettled settlement in settled)
        {
            Settle(settlement);
        }
    }

    /// <summary>The execution that the episode belongs to; null if there is none.</summary>
    public OrchestrationStart? Current { get; private set; }

    /// <summary>Set if that execution begins with this episode because a message asked for it.</summary>
    public OrchestrationStart? Started { get; private set; }

    public Message.TerminationRequested? Termination { get; private set; }

    public List<long> Consumed { get; } = [];

    /// <summary>What the code is to live through next.</summary>
    public List<HistoryEvent> News { get; } = [];

    /// <summary>Answers to messages that led to nothing.</summary>
    public List<Message> Replies { get; } = [];

    /// <summary>When a message that is left lying wants to be looked at; null: none is.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    private void Take(QueuedMessage queued)
    {
        if (Termination is not null || (Current is null && _startLies))
        {
            return;
        }

        if (queued.Message.NotBefore is { } due && due > _now && !IsTerminated(queued))
        {
            WakeAt = WakeAt is { } other && other < due ? other : due;
            _startLies = true;
            return;
        }

        Consumed.Add(queued.Id);
        switch (queued.Message)
        {
            case Message.StartRequested start:
                Begin(start);
                break;
            case Message.TaskSettled settlement:
                Settle(settlement);
                break;
            case Message.EventSubmitted submitted when Current is not null:
                News.Add(new HistoryEvent.EventRaised(submitted.Name, submitted.Payload));
                break;
            case Message.SuspensionRequested suspension when Current is not null:
                News.Add(new HistoryEvent.ExecutionSuspended(suspension.Reason));
                break;
            case Message.ResumptionRequested resumption when Current is not null:
                News.Add(new HistoryEvent.ExecutionResumed(resumption.Reason));
                break;
            case Message.TerminationRequested termination when Current is not null:
                Termination = termination;
                break;
        }
    }

    // An orchestration that waits for its starting time is begun only to be ended when it is terminated before that.
    private bool IsTerminated(QueuedMessage start) => Current is null
        && _document.Inbox.Any(queued => queued.Id > start.Id && queued.Message is Message.TerminationRequested);

    private void Begin(Message.StartRequested start)
    {
        if (Current is not null)
        {
            Refuse(start);
            return;
        }

        Current = Started = new OrchestrationStart(
            Guid.NewGuid().ToString("N"), start.Name, start.Version, start.Input, start.RequestedAt, start.Parent, start.Tags);
        News.Insert(0, new HistoryEvent.ExecutionStarted());
    }

    private void Refuse(Message.StartRequested start)
    {
        if (start.Parent is { } parent && parent.Caller != Current?.Parent?.Caller)
        {
            Replies.Add(parent.Caller.Answer(null) with { Failure = Failures.AlreadyExists(start.To) });
        }
    }

    private void Settle(Message.TaskSettled settlement)
    {
        if (settlement.Execution == Current?.Execution)
        {
            News.Add(settlement.Failure is { } failure
                ? new HistoryEvent.TaskFaulted(settlement.TaskId, failure)
                : new HistoryEvent.TaskSucceeded(settlement.TaskId, settlement.Result));
        }
    }
}
