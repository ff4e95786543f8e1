using FunctionsBroker.Conformance.App.Management;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Calls orchestrations from orchestrations.</summary>
public static class ChildOrchestrations
{
    [Function("CallChild")]
    public static Task<object> CallAsync([OrchestrationTrigger] TaskOrchestrationContext context, string? childId) =>
        context.CallSubOrchestratorAsync<object>(
            "Describe", "from the parent", childId is null ? null : new SubOrchestrationOptions(retry: null, instanceId: childId));

    [Function("CallChildByOptions")]
    public static Task<object> CallByOptionsAsync([OrchestrationTrigger] TaskOrchestrationContext context, string childId) =>
        context.CallSubOrchestratorAsync<object>(
            "Describe", null, TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromSeconds(1))).WithInstanceId(childId));

    [Function("CallChildren")]
    public static Task<int[]> CallManyAsync([OrchestrationTrigger] TaskOrchestrationContext context, int width) =>
        Task.WhenAll(Enumerable.Range(1, width).Select(links => context.CallSubOrchestratorAsync<int>("Chain", links)));

    [Function("CatchChildFailure")]
    public static async Task<object?> CatchFailureAsync([OrchestrationTrigger] TaskOrchestrationContext context, string child)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<string>(child);
        }
        catch (TaskFailedException exception)
        {
            return new { exception.TaskName, details = Described.Of(exception.FailureDetails) };
        }
    }
}
