using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>Where an episode left its orchestration.</summary>
internal sealed record EpisodeOutcome(
    OrchestrationRuntimeStatus Status, string? Output = null, TaskFailureDetails? Failure = null, string? CustomStatus = null);
