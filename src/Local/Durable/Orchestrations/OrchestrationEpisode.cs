using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>What an orchestration does next, as a log entry. Has no effects of its own.</summary>
internal sealed record OrchestrationEpisode(LogEntry.EpisodeCommitted? Entry, DateTimeOffset? WakeAt)
{
    /// <summary>Timers that need not fire any more.</summary>
    public IReadOnlyCollection<int> CancelledTimers { get; init; } = [];

    /// <summary>Whether the code has left the deterministic path and will not go on.</summary>
    public bool Strayed { get; init; }

    /// <param name="settled">Ends of activities and timers, which are in no inbox.</param>
    public static OrchestrationEpisode Run(
        string id,
        InstanceDocument document,
        IReadOnlyList<Message.TaskSettled> settled,
        DateTimeOffset now,
        DurableTaskRegistry registry,
        ILoggerFactory loggers)
    {
        // The clock of an orchestration never goes back, whatever the machine's does.
        DateTimeOffset at = document.Orchestration is { } before && before.UpdatedAt > now ? before.UpdatedAt : now;
        EpisodeDraft draft = new(document, settled, at);
        if (draft.Current is not { } start || (draft.News.Count == 0 && draft.Termination is null))
        {
            return new OrchestrationEpisode(OnlyTakenOff(id, document, draft, at), draft.WakeAt);
        }

        IReadOnlyList<HistoryEvent> past = draft.Started is null ? document.Orchestration?.History ?? [] : [];
        if (draft.Termination is { } termination)
        {
            EpisodeOutcome terminated = new(OrchestrationRuntimeStatus.Terminated, termination.Output, null, document.Orchestration?.CustomStatus);
            IEnumerable<Message> children = termination.Recursive ? TerminateChildren(past, termination) : [];
            return new OrchestrationEpisode(Committed(id, draft, [], terminated, null, at, children), draft.WakeAt);
        }

        HistoryEvent[] news = [new HistoryEvent.EpisodeStarted(at), .. draft.News];
        EpisodeResult result = registry.FindOrchestrator(start.Name) is { } code
            ? new OrchestratorRun(id, start, code, registry.Converter, loggers).Execute(past, news)
            : EpisodeResult.Failed(Failures.OrchestratorNotFound(start.Name), null);
        HistoryEvent[] events = [.. news, .. result.Planned.Select(action => action.Event)];
        EpisodeOutcome outcome = result.Continuation is null
            ? result.Outcome
            : result.Outcome with { Status = OrchestrationRuntimeStatus.Running, Output = null };
        return new OrchestrationEpisode(
            Committed(id, draft, events, outcome, result.Continuation, at, result.Planned.SelectMany(action => action.Messages)),
            draft.WakeAt)
        {
            CancelledTimers = result.CancelledTimers,
            Strayed = result.Strayed,
        };
    }

    private static LogEntry.EpisodeCommitted? OnlyTakenOff(
        string id, InstanceDocument document, EpisodeDraft draft, DateTimeOffset at)
    {
        if (draft.Consumed.Count == 0)
        {
            return null;
        }

        EpisodeOutcome unchanged = document.Orchestration is { } state
            ? new EpisodeOutcome(state.Status, state.Output, state.Failure, state.CustomStatus)
            : new EpisodeOutcome(OrchestrationRuntimeStatus.Pending);
        return new LogEntry.EpisodeCommitted(
            id, draft.Consumed, null, [], unchanged, null, document.Orchestration?.UpdatedAt ?? at)
        { Messages = draft.Replies };
    }

    private static LogEntry.EpisodeCommitted Committed(
        string id,
        EpisodeDraft draft,
        IReadOnlyList<HistoryEvent> events,
        EpisodeOutcome outcome,
        Continuation? continuation,
        DateTimeOffset at,
        IEnumerable<Message> messages)
    {
        List<Message> sent = [.. draft.Replies, .. messages];
        if (outcome.Status.IsTerminal() && draft.Current?.Parent is { } parent)
        {
            sent.Add(ToParent(id, parent.Caller, outcome));
        }

        return new LogEntry.EpisodeCommitted(id, draft.Consumed, draft.Started, events, outcome, continuation, at) { Messages = sent };
    }

    private static Message.TaskSettled ToParent(string id, CallerLink parent, EpisodeOutcome outcome) => outcome.Status switch
    {
        OrchestrationRuntimeStatus.Completed => parent.Answer(outcome.Output),
        OrchestrationRuntimeStatus.Terminated => parent.Answer(null) with { Failure = Failures.Terminated(id, outcome.Output) },
        _ => parent.Answer(null) with { Failure = outcome.Failure },
    };

    private static IEnumerable<Message> TerminateChildren(
        IReadOnlyList<HistoryEvent> past, Message.TerminationRequested termination)
    {
        HashSet<int> ended = [.. past.Select(happened => happened switch
        {
            HistoryEvent.TaskSucceeded succeeded => succeeded.TaskId,
            HistoryEvent.TaskFaulted faulted => faulted.TaskId,
            _ => -1,
        })];
        return past.OfType<HistoryEvent.ChildScheduled>()
            .Where(child => !ended.Contains(child.TaskId))
            .Select(child => new Message.TerminationRequested(child.ChildId, termination.Output, Recursive: true));
    }
}
