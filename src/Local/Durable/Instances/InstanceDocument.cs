using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>All that is stored of one instance. Changed only by <see cref="Apply"/>, the same way live and after a crash.</summary>
internal sealed record InstanceDocument
{
    public static InstanceDocument Empty { get; } = new();

    public OrchestrationState? Orchestration { get; init; }

    public EntityState? Entity { get; init; }

    /// <summary>Messages not acted on yet, oldest first.</summary>
    public ImmutableList<QueuedMessage> Inbox { get; init; } = [];

    [JsonIgnore]
    public bool IsEmpty => Orchestration is null && Entity is null && Inbox.IsEmpty;

    /// <summary>Whether the instance must be brought back into memory when the hub starts.</summary>
    [JsonIgnore]
    public bool IsActive => !Inbox.IsEmpty || Orchestration is { IsTerminal: false };

    /// <summary>The start that was asked for and has not been acted on.</summary>
    [JsonIgnore]
    public Message.StartRequested? PendingStart =>
        Inbox.Select(queued => queued.Message).OfType<Message.StartRequested>().FirstOrDefault();

    /// <summary>This document after <paramref name="entry"/>, as far as it concerns the instance <paramref name="id"/>.</summary>
    /// <param name="lsn">The entry's place in the log.</param>
    public InstanceDocument Apply(LogEntry entry, string id, long lsn)
    {
        InstanceDocument document = entry switch
        {
            LogEntry.EpisodeCommitted episode when episode.Instance == id => After(episode),
            LogEntry.BatchCommitted batch when batch.Instance == id => this with
            {
                Entity = new EntityState(batch.State, batch.Lock, batch.At),
                Inbox = Without(batch.Consumed),
            },
            LogEntry.InstancePurged purged when purged.Instance == id => Empty,
            _ => this,
        };
        for (int i = 0; i < entry.Messages.Count; i++)
        {
            if (entry.Messages[i].To == id && document.Accepts(entry.Messages[i]))
            {
                document = document with { Inbox = document.Inbox.Add(new QueuedMessage(LogEntry.MessageId(lsn, i), entry.Messages[i])) };
            }
        }

        return document;
    }

    private InstanceDocument After(LogEntry.EpisodeCommitted episode)
    {
        OrchestrationStart? start = episode.Continuation?.Start ?? episode.Start ?? Orchestration?.Start;
        if (start is null)
        {
            // Only messages that nobody is there for were taken off.
            return this with { Inbox = Without(episode.Consumed) };
        }

        bool continued = episode.Continuation is not null;
        bool ended = episode.Outcome.Status.IsTerminal();
        IReadOnlyList<HistoryEvent> past = episode.Start is null ? Orchestration?.History ?? [] : [];
        ImmutableList<QueuedMessage> inbox = Without(episode.Consumed);
        return this with
        {
            Orchestration = new OrchestrationState(start, episode.Outcome.Status, episode.At)
            {
                Output = episode.Outcome.Output,
                Failure = episode.Outcome.Failure,
                CustomStatus = continued ? null : episode.Outcome.CustomStatus,
                History = continued || ended ? [] : [.. past, .. episode.Events],
                Carried = episode.Continuation?.Carried ?? [],
            },
            Inbox = ended ? FromNextStart(inbox) : inbox,
        };
    }

    // An ended execution acts on nothing more; what was sent after a request to start anew is for the next one.
    private static ImmutableList<QueuedMessage> FromNextStart(ImmutableList<QueuedMessage> inbox)
    {
        int next = inbox.FindIndex(queued => queued.Message is Message.StartRequested);
        return next < 0 ? [] : inbox.RemoveRange(0, next);
    }

    private ImmutableList<QueuedMessage> Without(IReadOnlyList<long> consumed) => consumed.Count switch
    {
        0 => Inbox,
        _ when consumed.Count == Inbox.Count => [],
        1 => Inbox.RemoveAll(queued => queued.Id == consumed[0]),
        _ => WithoutSet([.. consumed]),
    };

    private ImmutableList<QueuedMessage> WithoutSet(HashSet<long> consumed) => Inbox.RemoveAll(queued => consumed.Contains(queued.Id));

    // Messages to an orchestration that is not there, or no more, are dropped, as the real engine does.
    private bool Accepts(Message message) => message switch
    {
        Message.StartRequested or Message.OperationRequested or Message.LockRequested or Message.LockReleased => true,
        _ => Orchestration is { IsTerminal: false } || PendingStart is not null,
    };
}
