using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.CrashApp;

/// <summary>
/// What a client does to the hub. Every step looks at how things are and does what is left of it, so that a process which
/// was killed anywhere is followed by one that runs the script from its beginning.
/// </summary>
internal sealed class Script(DurableTaskClient client, CancellationToken cancellation)
{
    private const string PurgeDone = "purged";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(3);

    public async Task RunAsync()
    {
        await StartAsync("Collector", "collector", new Collection(0, 0));
        await Task.WhenAll([.. Enumerable.Range(0, Workload.Orders).Select(OrderAsync), PauseAsync(), TerminateAsync(), PurgeAsync(), ReplaceAsync()]);
        await client.WaitForInstanceCompletionAsync("collector", cancellation);

        // Of two starts the hub may have taken up the second after the look that found nothing.
        await PurgeWhatIsThereAsync();
    }

    private async Task OrderAsync(int number)
    {
        string id = $"order-{number}";
        await StartAsync("Order", id, number);
        await UntilAsync(id, async order =>
        {
            if (order.SerializedCustomStatus == "\"waiting\"")
            {
                await ListAsync();
                await client.RaiseEventAsync(id, "go", 1000 + number, cancellation);
            }

            return order.IsCompleted;
        });
    }

    // Suspended, told to go on, and resumed: only then does it.
    private async Task PauseAsync()
    {
        await StartAsync("Pausing", "pausing", 1);
        await UntilAsync("pausing", async pausing =>
        {
            switch (pausing.RuntimeStatus)
            {
                case OrchestrationRuntimeStatus.Running when pausing.SerializedCustomStatus == "\"waiting\"":
                    await client.SuspendInstanceAsync("pausing", "for a while", cancellation);
                    break;
                case OrchestrationRuntimeStatus.Suspended:
                    await client.RaiseEventAsync("pausing", "Go", 41, cancellation);
                    await client.ResumeInstanceAsync("pausing", cancellation: cancellation);
                    break;
            }

            return pausing.IsCompleted;
        });
    }

    private async Task TerminateAsync()
    {
        await StartAsync("Endless", "endless-2", 2);
        await UntilAsync("endless-2", async endless =>
        {
            if (endless.IsRunning && (await client.GetInstanceAsync("endless-0", cancellation))?.IsRunning == true)
            {
                await client.TerminateInstanceAsync("endless-2", new TerminateInstanceOptions("enough", Recursive: true), cancellation);
            }

            return endless.IsCompleted;
        });
        await client.WaitForInstanceCompletionAsync("endless-0", cancellation);
    }

    private async Task PurgeAsync()
    {
        if (await client.Entities.GetEntityAsync<int>(Workload.Tally(PurgeDone), cancellation: cancellation) is not null)
        {
            return;
        }

        await StartAsync("FailingChild", "purged", 7);

        await PurgeWhatIsThereAsync();
        await client.Entities.SignalEntityAsync(Workload.Tally(PurgeDone), nameof(Tally.Set), 1, cancellation: cancellation);
    }

    // A killed process's start may have come to the hub after the look at it: then it runs twice, one run after the other.
    private async Task PurgeWhatIsThereAsync()
    {
        while (await client.GetInstanceAsync("purged", cancellation) is not null)
        {
            await client.WaitForInstanceCompletionAsync("purged", cancellation);
            await client.PurgeInstanceAsync("purged", cancellation);
        }
    }

    // An id whose orchestration has ended may be used again.
    private async Task ReplaceAsync()
    {
        await StartAsync("Echo", "echo", 1);
        OrchestrationMetadata first = await client.WaitForInstanceCompletionAsync("echo", true, cancellation);
        if (first.ReadOutputAs<int>() == 1)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Echo", 2, new StartOrchestrationOptions("echo"), cancellation);
        }

        await client.WaitForInstanceCompletionAsync("echo", cancellation);
    }

    private async Task StartAsync(string name, string id, object input)
    {
        if (await client.GetInstanceAsync(id, cancellation) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id), cancellation);
        }
    }

    // A query brings the instances' rows up to date, so that kills meet rows that are ahead of the log's floor too.
    private async Task ListAsync()
    {
        OrchestrationQuery none = new(InstanceIdPrefix: "none");
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(none).WithCancellation(cancellation))
        {
            throw new InvalidOperationException($"There is {instance.InstanceId}.");
        }
    }

    private async Task UntilAsync(string id, Func<OrchestrationMetadata, Task<bool>> step)
    {
        while (true)
        {
            try
            {
                if (await client.GetInstanceAsync(id, true, cancellation) is not { } instance)
                {
                    throw new KeyNotFoundException($"The instance {id}, which was started, is gone.");
                }

                if (await step(instance))
                {
                    return;
                }
            }
            catch (InvalidOperationException)
            {
                // The instance went on between the look at it and the request; the next look tells.
            }

            await Task.Delay(s_look, TimeProvider.System, cancellation);
        }
    }
}
