using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Orchestrations;

[Trait("Category", "Emulator")]
public sealed class ActivityTests(AzuriteFixture azurite)
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Orchestration_ActivityEntityAndEvent_Completes()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<int, string>("Main", async (context, n) =>
            {
                int total = await context.Entities.CallEntityAsync<int>(new EntityInstanceId("Counter", "k"), "Add", n);
                string said = await context.CallActivityAsync<string>("Say", total);
                return said + await context.WaitForExternalEvent<string>("Reply");
            })
            .Activity<int, string>("Say", n => $"said {n} ")
            .Entity<Counter>("Counter")
            .StartAsync();

        string id = await hub.ScheduleAsync("Main", 5);
        await hub.RaiseAsync(id, "reply", "hi");
        OrchestrationMetadata end = await hub.CompletionAsync(id);

        Assert.Equal("said 5 hi", end.ReadOutputAs<string>());
        Assert.Equal(5, (await hub.StateAsync<Counter.Total>("@counter@k"))?.Value);
    }
}
