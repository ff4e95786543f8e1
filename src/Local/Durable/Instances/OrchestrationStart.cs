using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>How one execution of an orchestration began.</summary>
/// <param name="Execution">Unique per execution, so that answers to an earlier one are known as such.</param>
internal sealed record OrchestrationStart(
    string Execution,
    string Name,
    string Version,
    string? Input,
    DateTimeOffset CreatedAt,
    ParentLink? Parent,
    IReadOnlyDictionary<string, string>? Tags);
