using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>
/// One atomic change of the hub: what an instance did together with the messages that it sent, which are in their
/// receivers' inboxes from the same moment. That is why no message can be lost or acted on twice.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$")]
[JsonDerivedType(typeof(MessagesAccepted), "accepted")]
[JsonDerivedType(typeof(EpisodeCommitted), "episode")]
[JsonDerivedType(typeof(BatchCommitted), "batch")]
[JsonDerivedType(typeof(InstancePurged), "purged")]
internal abstract record LogEntry
{
    private const int MessageBits = 20;

    private LogEntry()
    {
    }

    public IReadOnlyList<Message> Messages { get; init; } = [];

    /// <summary>The instance that the entry is about besides the receivers of its messages.</summary>
    [JsonIgnore]
    public virtual string? Subject => null;

    /// <summary>The id of the <paramref name="index"/>th message of the entry at <paramref name="lsn"/>.</summary>
    public static long MessageId(long lsn, int index) => (lsn << MessageBits) | (long)index;

    public static byte[] Serialize(LogEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, HubJson.Default.LogEntry);

    /// <summary>The instances that the entry changes, each once.</summary>
    public IEnumerable<string> Touched()
    {
        if (Messages.Count == 0)
        {
            return Subject is null ? [] : [Subject];
        }

        HashSet<string> ids = [.. Messages.Select(message => message.To)];
        if (Subject is not null)
        {
            ids.Add(Subject);
        }

        return ids;
    }

    /// <summary>Messages from outside.</summary>
    public sealed record MessagesAccepted : LogEntry;

    /// <summary>An orchestration has run one episode.</summary>
    /// <param name="Consumed">Ids of the messages that it acted on.</param>
    /// <param name="Start">Set when the episode is the first of a new execution that a message asked for.</param>
    /// <param name="Continuation">Set when the execution ended by continuing as new.</param>
    public sealed record EpisodeCommitted(
        string Instance,
        IReadOnlyList<long> Consumed,
        OrchestrationStart? Start,
        IReadOnlyList<HistoryEvent> Events,
        EpisodeOutcome Outcome,
        Continuation? Continuation,
        DateTimeOffset At) : LogEntry
    {
        [JsonIgnore]
        public override string? Subject => Instance;
    }

    /// <summary>An entity has run a batch of operations.</summary>
    public sealed record BatchCommitted(
        string Instance, IReadOnlyList<long> Consumed, string? State, EntityLock? Lock, DateTimeOffset At) : LogEntry
    {
        [JsonIgnore]
        public override string? Subject => Instance;
    }

    /// <summary>An instance was removed with everything known of it.</summary>
    public sealed record InstancePurged(string Instance) : LogEntry
    {
        [JsonIgnore]
        public override string? Subject => Instance;
    }
}
