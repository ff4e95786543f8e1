using System.Text.Json;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace FunctionsBroker.CrashApp;

/// <summary>How everything in a hub has ended, but for what may differ from run to run: the times.</summary>
internal static class Snapshot
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until nothing is left to do.</summary>
    /// <returns>A JSON array of strings on one line, in order.</returns>
    public static async Task<string> TakeAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        // A look is not at one moment, so that a message may hop past it; it cannot hop past two that see the same.
        string? before = null;
        while (true)
        {
            string? now = await LookAsync(client, cancellation);
            if (now is not null && now == before)
            {
                return now;
            }

            before = now;
            await Task.Delay(s_look, TimeProvider.System, cancellation);
        }
    }

    private static async Task<string?> LookAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        List<string> lines = [];
        bool quiet = true;
        OrchestrationQuery all = new(FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(all).WithCancellation(cancellation))
        {
            quiet &= instance.IsCompleted;
            lines.Add(
                $"{instance.InstanceId} {instance.Name} {instance.RuntimeStatus} out={instance.SerializedOutput}"
                + $" custom={instance.SerializedCustomStatus} failure={instance.FailureDetails?.ErrorType}: {instance.FailureDetails?.ErrorMessage}");
        }

        EntityQuery every = new() { IncludeTransient = true };
        await foreach (EntityMetadata entity in client.Entities.GetAllEntitiesAsync(every).WithCancellation(cancellation))
        {
            quiet &= entity is { BacklogQueueSize: 0, LockedBy: null };
            lines.Add($"{entity.Id} {(entity.IncludesState ? entity.State.Value : "none")}");
        }

        lines.Sort(StringComparer.Ordinal);
        return quiet ? JsonSerializer.Serialize(lines) : null;
    }
}
