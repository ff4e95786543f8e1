using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Harness;

/// <summary>
/// Orchestrations that use everything: entity calls and signals, an activity, a sub-orchestration, a timer, an event, a
/// lock, continue-as-new, and an entity that starts an orchestration. How it must end does not depend on crashes.
/// </summary>
internal static class Workload
{
    public static HubHarness AddWorkload(this HubHarness hub) => hub
        .Entity<Counter>("Counter")
        .Entity("Starter", operation => operation.Context.ScheduleNewOrchestration(
            "Started", null, new StartOrchestrationOptions("started-" + operation.GetInput<string>())))
        .Activity<int, int>("Double", n => 2 * n)
        .Orchestrator<int, int>("Child", async (context, n) =>
        {
            await context.Entities.CallEntityAsync<int>(Id("calls"), "Add", 1);
            return n + 1;
        })
        .Orchestrator<string, string>("Started", async (context, _) =>
        {
            await context.Entities.CallEntityAsync<int>(Id("started"), "Add", 1);
            return "";
        })
        .Orchestrator<int, int>("Loop", async (context, left) =>
        {
            await context.Entities.SignalEntityAsync(Id("loops"), "Add", 1);
            if (left > 1)
            {
                context.ContinueAsNew(left - 1);
            }

            return left;
        })
        .Orchestrator<int, string>("Main", RunAsync);

    /// <summary>Starts some and sends each its event.</summary>
    public static async Task BeginAsync(HubHarness hub, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            string id = "main-" + i;
            await UntilDoneAsync(async () =>
            {
                if (await hub.Client.GetInstanceAsync(id, TestContext.Current.CancellationToken) is null)
                {
                    await hub.ScheduleAsync("Main", i, id);
                }
            });
            await UntilDoneAsync(async () =>
            {
                if (await hub.Client.GetInstanceAsync(id, TestContext.Current.CancellationToken) is { IsCompleted: false })
                {
                    await hub.RaiseAsync(id, "Go", i);
                }
            });
        }
    }

    /// <summary>Waits for all and checks that each effect was had exactly once.</summary>
    public static async Task VerifyAsync(HubHarness hub, int count)
    {
        for (int i = 0; i < count; i++)
        {
            foreach (string id in new[] { "main-" + i, "started-" + i, "loop-" + i })
            {
                await UntilDoneAsync(async () =>
                {
                    OrchestrationMetadata? known = await hub.Client.GetInstanceAsync(id, TestContext.Current.CancellationToken);
                    if (known is null)
                    {
                        throw new OwnershipLostException($"{id} has not been started yet.");
                    }

                    OrchestrationMetadata end = await hub.CompletionAsync(id);
                    Assert.True(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{id}: {end.RuntimeStatus} {end.FailureDetails}");
                    Assert.Equal(id.StartsWith("main", StringComparison.Ordinal) ? $"\"{i} {2 * i} {i + 1} {i}\"" : end.SerializedOutput, end.SerializedOutput);
                });
            }
        }

        (string Counter, int Expected)[] counters =
            [("calls", 2 * count), ("signals", count), ("locked", count), ("started", count), ("loops", 3 * count)];
        foreach ((string counter, int expected) in counters)
        {
            int actual = -1;
            await UntilDoneAsync(async () =>
            {
                actual = (await hub.StateAsync<Counter.Total>("@counter@" + counter))?.Value ?? 0;
                if (actual < expected)
                {
                    throw new OwnershipLostException($"{counter} is {actual} of {expected}.");
                }
            });
            Assert.True(actual == expected, $"{counter} is {actual} instead of {expected}.");
        }
    }

    private static async Task<string> RunAsync(TaskOrchestrationContext context, int i)
    {
        await context.Entities.CallEntityAsync<int>(Id("calls"), "Add", 1);
        await context.Entities.SignalEntityAsync(Id("signals"), "Add", 1);
        await context.Entities.SignalEntityAsync(new EntityInstanceId("Starter", "s"), "go", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Task<int> doubled = context.CallActivityAsync<int>("Double", i);
        Task<int> child = context.CallSubOrchestratorAsync<int>("Child", i, new SubOrchestrationOptions(instanceId: "child-" + i));
        await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        await using (await context.Entities.LockEntitiesAsync(Id("locked"), Id("unused")))
        {
            await context.Entities.CallEntityAsync<int>(Id("locked"), "Add", 1);
        }

        await context.CallSubOrchestratorAsync("Loop", 3, new SubOrchestrationOptions(instanceId: "loop-" + i));
        int go = await context.WaitForExternalEvent<int>("Go");
        return $"{i} {await doubled} {await child} {go}";
    }

    private static EntityInstanceId Id(string key) => new("Counter", key);

    // The hub may be between two owners.
    private static async Task UntilDoneAsync(Func<Task> action)
    {
        TimeProvider time = TimeProvider.System;
        long started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (OwnershipLostException) when (time.GetElapsedTime(started) < FunctionsBroker.TestKit.TestTimeouts.Default)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), time, TestContext.Current.CancellationToken);
            }
        }
    }
}
