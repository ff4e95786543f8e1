using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Messages;

/// <summary>Something for the instance <see cref="To"/> to act on, once.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$")]
[JsonDerivedType(typeof(StartRequested), "start")]
[JsonDerivedType(typeof(EventSubmitted), "event")]
[JsonDerivedType(typeof(TerminationRequested), "terminate")]
[JsonDerivedType(typeof(SuspensionRequested), "suspend")]
[JsonDerivedType(typeof(ResumptionRequested), "resume")]
[JsonDerivedType(typeof(TaskSettled), "settled")]
[JsonDerivedType(typeof(OperationRequested), "operation")]
[JsonDerivedType(typeof(LockRequested), "lock")]
[JsonDerivedType(typeof(LockReleased), "release")]
internal abstract record Message
{
    private Message(string to) => To = to;

    public string To { get; init; }

    /// <summary>Before this time the message is left lying; null: at once.</summary>
    public virtual DateTimeOffset? NotBefore => null;

    public sealed record StartRequested(
        string To,
        string Name,
        string Version,
        string? Input,
        DateTimeOffset RequestedAt,
        ParentLink? Parent = null,
        IReadOnlyDictionary<string, string>? Tags = null,
        DateTimeOffset? StartAt = null) : Message(To)
    {
        [JsonIgnore]
        public override DateTimeOffset? NotBefore => StartAt;
    }

    public sealed record EventSubmitted(string To, string Name, string? Payload) : Message(To);

    /// <param name="Recursive">Whether running sub-orchestrations are to be terminated as well.</param>
    public sealed record TerminationRequested(string To, string? Output, bool Recursive) : Message(To);

    public sealed record SuspensionRequested(string To, string? Reason) : Message(To);

    public sealed record ResumptionRequested(string To, string? Reason) : Message(To);

    /// <summary>A task of one execution ended: an activity, a timer, a sub-orchestration, an entity call or a lock.</summary>
    public sealed record TaskSettled(
        string To, string Execution, int TaskId, string? Result = null, TaskFailureDetails? Failure = null) : Message(To);

    /// <param name="Caller">Who waits for the result; null for a signal.</param>
    /// <param name="Section">The critical section that the call belongs to.</param>
    public sealed record OperationRequested(
        string To,
        string Operation,
        string? Input,
        CallerLink? Caller = null,
        DateTimeOffset? SignalTime = null,
        Guid? Section = null) : Message(To)
    {
        [JsonIgnore]
        public override DateTimeOffset? NotBefore => SignalTime;
    }

    /// <summary>Goes from entity to entity in a fixed order, so that two lock requests can never wait for each other.</summary>
    public sealed record LockRequested(
        string To, CallerLink Caller, Guid Section, IReadOnlyList<string> Entities, int Position) : Message(To);

    public sealed record LockReleased(string To, Guid Section) : Message(To);
}
