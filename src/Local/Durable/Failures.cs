using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable;

/// <summary>Failures that the engine itself reports to orchestrations.</summary>
internal static class Failures
{
    public static TaskFailureDetails OrchestratorNotFound(string name) =>
        Of("OrchestratorTaskNotFound", $"The orchestrator '{name}' is not registered.");

    public static TaskFailureDetails ActivityNotFound(string name) =>
        Of("ActivityTaskNotFound", $"The activity '{name}' is not registered.");

    public static TaskFailureDetails EntityNotFound(string name) =>
        Of("EntityTaskNotFound", $"The entity '{name}' is not registered.");

    public static TaskFailureDetails AlreadyExists(string instanceId) => Of(
        typeof(OrchestrationAlreadyExistsException).ToString(), AlreadyExistsMessage(instanceId));

    public static TaskFailureDetails Terminated(string instanceId, string? output) => Of(
        "OrchestrationTerminated", $"The orchestration '{instanceId}' was terminated: {output ?? "no reason given"}");

    public static string AlreadyExistsMessage(string instanceId) =>
        $"An Orchestration instance with the ID {instanceId} already exists.";

    private static TaskFailureDetails Of(string type, string message) => new(type, message, null, null, null);
}
