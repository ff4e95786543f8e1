using FunctionsBroker.Local.Durable.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>An orchestration between two episodes.</summary>
internal sealed record OrchestrationState(OrchestrationStart Start, OrchestrationRuntimeStatus Status, DateTimeOffset UpdatedAt)
{
    public string? Output { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public string? CustomStatus { get; init; }

    /// <summary>Empty right after continue-as-new, and once the orchestration has ended: nothing replays it then.</summary>
    public IReadOnlyList<HistoryEvent> History { get; init; } = [];

    /// <summary>Events that an execution which continued as new hands to its successor.</summary>
    public IReadOnlyList<HistoryEvent> Carried { get; init; } = [];

    public bool IsTerminal => Status.IsTerminal();

    /// <summary>Whether the code of this execution has not been run yet.</summary>
    public bool IsUnstarted => !IsTerminal && History.Count == 0;
}
