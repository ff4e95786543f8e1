using FunctionsBroker.Local.Durable.Log;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>What an episode of an orchestrator's code came to.</summary>
/// <param name="Planned">New actions, in the order in which the code took them.</param>
internal sealed record EpisodeResult(EpisodeOutcome Outcome, IReadOnlyList<PlannedAction> Planned)
{
    /// <summary>Set if the code asked to continue as new and has returned.</summary>
    public Continuation? Continuation { get; init; }

    /// <summary>Timers that the code has given up; they need not fire.</summary>
    public IReadOnlyCollection<int> CancelledTimers { get; init; } = [];

    /// <summary>Whether the code left its scheduler, by awaiting what does not come from the context.</summary>
    public bool Strayed { get; init; }

    public static EpisodeResult Failed(TaskFailureDetails failure, string? customStatus) =>
        new(new EpisodeOutcome(OrchestrationRuntimeStatus.Failed, null, failure, customStatus), []);
}
