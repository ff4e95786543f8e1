using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Conformance.Surface.Durable;

/// <summary>What an app does with orchestrations from outside.</summary>
public static class ClientSurface
{
    public static async Task<string> StartAndReadAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        var instance = await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(OrchestrationSurface), new Parcel(id, 1), new StartOrchestrationOptions(InstanceId: id), cancellationToken);
        await client.RaiseEventAsync(instance, "Reply", new Parcel("x", 1), cancellationToken);
        OrchestrationMetadata done = await client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: true, cancellationToken);
        OrchestrationMetadata? got = await client.GetInstanceAsync(instance, getInputsAndOutputs: true, cancellationToken);
        return $"{done.RuntimeStatus == OrchestrationRuntimeStatus.Completed} {done.ReadOutputAs<string>()} {done.ReadCustomStatusAs<string>()} "
            + $"{done.FailureDetails?.ErrorMessage} {done.SerializedOutput} {done.CreatedAt} {done.LastUpdatedAt} {done.IsCompleted} {got?.InstanceId}";
    }

    public static async Task<int> ListAsync(DurableTaskClient client)
    {
        var query = new OrchestrationQuery
        {
            Statuses = [OrchestrationRuntimeStatus.Running],
            InstanceIdPrefix = "a",
            PageSize = 5,
            FetchInputsAndOutputs = false,
            CreatedFrom = DateTimeOffset.MinValue,
        };
        var found = 0;
        await foreach (var run in client.GetAllInstancesAsync(query))
        {
            found += run.InstanceId.Length;
        }

        return found;
    }

    public static async Task<int> EndAsync(DurableTaskClient client, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await client.SuspendInstanceAsync(id, "reason", cancellationToken);
        await client.ResumeInstanceAsync(id, "reason", cancellationToken);
        await client.TerminateInstanceAsync(id, "why", cancellationToken);
        PurgeResult one = await client.PurgeInstanceAsync(id, cancellationToken);
        PurgeResult family = await client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true), cancellationToken);
        PurgeResult many = await client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(CreatedTo: now, Statuses: [OrchestrationRuntimeStatus.Completed]), cancellationToken);
        return one.PurgedInstanceCount + family.PurgedInstanceCount + many.PurgedInstanceCount;
    }
}
