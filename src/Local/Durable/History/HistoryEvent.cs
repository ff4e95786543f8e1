using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.History;

/// <summary>Something that has happened to an orchestration. Replaying its events in order rebuilds where it was.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$")]
[JsonDerivedType(typeof(EpisodeStarted), "episode")]
[JsonDerivedType(typeof(ExecutionStarted), "started")]
[JsonDerivedType(typeof(EventRaised), "raised")]
[JsonDerivedType(typeof(TaskSucceeded), "succeeded")]
[JsonDerivedType(typeof(TaskFaulted), "faulted")]
[JsonDerivedType(typeof(ExecutionSuspended), "suspended")]
[JsonDerivedType(typeof(ExecutionResumed), "resumed")]
[JsonDerivedType(typeof(ActivityScheduled), "activity")]
[JsonDerivedType(typeof(TimerScheduled), "timer")]
[JsonDerivedType(typeof(ChildScheduled), "child")]
[JsonDerivedType(typeof(OperationSent), "operation")]
[JsonDerivedType(typeof(LocksRequested), "lock")]
[JsonDerivedType(typeof(LocksReleased), "release")]
[JsonDerivedType(typeof(EventSent), "sent")]
internal abstract record HistoryEvent
{
    private HistoryEvent()
    {
    }

    /// <summary>A run of the code began; its clock stands still at <paramref name="At"/>.</summary>
    public sealed record EpisodeStarted(DateTimeOffset At) : HistoryEvent;

    public sealed record ExecutionStarted : HistoryEvent;

    public sealed record EventRaised(string Name, string? Payload) : HistoryEvent;

    /// <summary>The task numbered <paramref name="TaskId"/> ended well. Timers, locks and one-way calls have no result.</summary>
    public sealed record TaskSucceeded(int TaskId, string? Result) : HistoryEvent;

    public sealed record TaskFaulted(int TaskId, TaskFailureDetails Failure) : HistoryEvent;

    public sealed record ExecutionSuspended(string? Reason) : HistoryEvent;

    public sealed record ExecutionResumed(string? Reason) : HistoryEvent;

    /// <summary>The orchestrator did something; a replay must do the same under the same number.</summary>
    public abstract record Scheduled(int TaskId) : HistoryEvent
    {
        /// <summary>What it did, for messages to people.</summary>
        [JsonIgnore]
        public abstract string Description { get; }

        /// <summary>Whether a replay that did <paramref name="other"/> did the same.</summary>
        public abstract bool Matches(Scheduled other);
    }

    public sealed record ActivityScheduled(int TaskId, string Name, string? Input) : Scheduled(TaskId)
    {
        public override string Description => $"called the activity '{Name}'";

        public override bool Matches(Scheduled other) => other is ActivityScheduled activity && SameName(Name, activity.Name);
    }

    public sealed record TimerScheduled(int TaskId, DateTimeOffset FireAt) : Scheduled(TaskId)
    {
        public override string Description => "created a timer";

        public override bool Matches(Scheduled other) => other is TimerScheduled;
    }

    public sealed record ChildScheduled(int TaskId, string Name, string ChildId) : Scheduled(TaskId)
    {
        public override string Description => $"called the sub-orchestration '{Name}'";

        public override bool Matches(Scheduled other) => other is ChildScheduled child && SameName(Name, child.Name);
    }

    /// <param name="OneWay">Whether it was a signal, which is not answered.</param>
    public sealed record OperationSent(int TaskId, string Entity, string Operation, bool OneWay) : Scheduled(TaskId)
    {
        public override string Description => $"{(OneWay ? "signalled" : "called")} the operation '{Operation}' of entity '{Entity}'";

        public override bool Matches(Scheduled other) =>
            other is OperationSent sent && sent.OneWay == OneWay && sent.Entity == Entity && SameName(Operation, sent.Operation);
    }

    public sealed record LocksRequested(int TaskId, Guid Section) : Scheduled(TaskId)
    {
        public override string Description => "locked entities";

        public override bool Matches(Scheduled other) => other is LocksRequested;
    }

    public sealed record LocksReleased(int TaskId, Guid Section) : Scheduled(TaskId)
    {
        public override string Description => "released the lock of entities";

        public override bool Matches(Scheduled other) => other is LocksReleased;
    }

    public sealed record EventSent(int TaskId, string InstanceId, string Name) : Scheduled(TaskId)
    {
        public override string Description => $"sent the event '{Name}'";

        public override bool Matches(Scheduled other) => other is EventSent sent && SameName(Name, sent.Name);
    }

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
