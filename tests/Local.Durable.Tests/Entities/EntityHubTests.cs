using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Entities;

[Trait("Category", "Emulator")]
public sealed class EntityHubTests(AzuriteFixture azurite)
{
    private static readonly EntityInstanceId s_counter = new("Counter", "k");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Signals_FromManyCallersAtOnce_AllCountOnce()
    {
        await using HubHarness hub = await new HubHarness(azurite).Entity<Counter>("Counter").StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => hub.SignalAsync("@counter@k", "Add", 1)));

        await CountsAsync(hub, 200);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Signal_WithATime_RunsThenAndNotBefore()
    {
        ManualTimeProvider time = new();
        await using HubHarness hub = await new HubHarness(azurite, time).Entity<Counter>("Counter").StartAsync();
        await hub.SignalAsync("@counter@k", "Add", 1, time.GetUtcNow().AddMinutes(10));
        await hub.SignalAsync("@counter@k", "Add", 10);
        await CountsAsync(hub, 10);

        time.Advance(TimeSpan.FromMinutes(11));

        await CountsAsync(hub, 11);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CallEntity_ThatFails_ThrowsWithTheDetails()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity<Counter>("Counter")
            .Orchestrator<string, string>("Main", async (context, _) =>
            {
                try
                {
                    await context.Entities.CallEntityAsync(s_counter, "Boom");
                    return "?";
                }
                catch (EntityOperationFailedException exception)
                {
                    return $"{exception.EntityId} {exception.OperationName} {exception.FailureDetails} {exception.FailureDetails.InnerFailure}";
                }
            })
            .StartAsync();

        Assert.Equal(
            "@counter@k Boom System.InvalidOperationException: entity boom System.ArgumentException: inner",
            await hub.RunAsync<string>("Main"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task EntityLock_OfManyOrchestrations_LosesNoUpdate()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity<Counter>("Counter")
            .Orchestrator<int, int>("Transfer", async (context, i) =>
            {
                EntityInstanceId a = new("Counter", "a");
                EntityInstanceId b = new("Counter", "b");
                await using (await context.Entities.LockEntitiesAsync(i % 2 == 0 ? [a, b] : [b, a]))
                {
                    int before = await context.Entities.CallEntityAsync<int>(a, "Get");
                    await context.Entities.CallEntityAsync<int>(b, "Add", -1);
                    int after = await context.Entities.CallEntityAsync<int>(a, "Add", 1);
                    return after - before;
                }
            })
            .StartAsync();

        int[] steps = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => hub.RunAsync<int>("Transfer", i)));

        Assert.All(steps, step => Assert.Equal(1, step));
        Assert.Equal(20, (await hub.StateAsync<Counter.Total>("@counter@a"))?.Value);
        Assert.Equal(-20, (await hub.StateAsync<Counter.Total>("@counter@b"))?.Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CriticalSection_HasItsRules()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity<Counter>("Counter")
            .Orchestrator<string, string[]>("Rules", async (context, _) =>
            {
                List<string> broken = [context.Entities.InCriticalSection().ToString()];
                await using (await context.Entities.LockEntitiesAsync(s_counter))
                {
                    broken.Add(context.Entities.InCriticalSection(out IReadOnlyList<EntityInstanceId> free) ? string.Join(' ', free) : "?");
                    foreach (Func<Task> forbidden in new Func<Task>[]
                    {
                        () => context.Entities.CallEntityAsync(new EntityInstanceId("Counter", "other"), "Get"),
                        () => context.Entities.SignalEntityAsync(s_counter, "Add", 1),
                        () => context.Entities.LockEntitiesAsync(s_counter),
                        () => context.CallSubOrchestratorAsync("Rules"),
                    })
                    {
                        try
                        {
                            await forbidden();
                            broken.Add("?");
                        }
                        catch (InvalidOperationException exception)
                        {
                            broken.Add(exception.Message);
                        }
                    }
                }

                return [.. broken];
            })
            .StartAsync();

        Assert.Equal(
            [
                "False",
                "@counter@k",
                "Must not call an entity from a critical section if it is not one of the locked entities.",
                "Must not signal a locked entity from a critical section.",
                "Must not enter another critical section from within a critical section.",
                "While holding locks, cannot call suborchestrators.",
            ],
            await hub.RunAsync<string[]>("Rules") ?? []);
        await hub.SignalAsync("@counter@k", "Add", 1);
        await CountsAsync(hub, 1);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Orchestration_ThatFailsInACriticalSection_ReleasesItsLocks()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity<Counter>("Counter")
            .Orchestrator<string, string>("Fails", async (context, _) =>
            {
                await context.Entities.LockEntitiesAsync(s_counter);
                throw new InvalidOperationException();
            })
            .StartAsync();
        await hub.RunAsync("Fails");

        await hub.SignalAsync("@counter@k", "Add", 1);

        await CountsAsync(hub, 1);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CleanEntityStorage_ReleasesLocksOfEndedHolders_AndRemovesEmptyEntities()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity<Counter>("Counter")
            .Orchestrator<string, string>("Holds", async (context, _) =>
            {
                await context.Entities.LockEntitiesAsync(s_counter);
                context.SetCustomStatus("locked");
                return await context.WaitForExternalEvent<string>("never");
            })
            .StartAsync();
        string holder = await hub.ScheduleAsync("Holds");
        await Eventually.BecomesTrueAsync(
            async () => (await hub.Client.GetInstanceAsync(holder, true, Cancellation))?.SerializedCustomStatus is not null, Cancellation);
        await hub.Client.TerminateInstanceAsync(holder, Cancellation);
        await hub.CompletionAsync(holder);
        await hub.SignalAsync("@counter@k", "Add", 1);
        await hub.SignalAsync("@counter@empty", "delete");

        CleanEntityStorageResult result = await hub.Client.Entities.CleanEntityStorageAsync(null, true, Cancellation);

        Assert.Equal(1, result.OrphanedLocksReleased);
        Assert.Equal(1, result.EmptyEntitiesRemoved);
        await CountsAsync(hub, 1);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Entity_StartsOrchestrations_ButNotOverARunningOne()
    {
        int started = 0;
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity("starter", operation => operation.Context.ScheduleNewOrchestration(
                "Main", operation.GetInput<string>(), new StartOrchestrationOptions("only")))
            .Orchestrator<string, string>("Main", async (context, input) =>
            {
                started += context.IsReplaying ? 0 : 1;
                return input + await context.WaitForExternalEvent<string>("E");
            })
            .StartAsync();
        await hub.SignalAsync("@starter@k", "go", "first");
        await hub.Client.WaitForInstanceStartAsync("only", Cancellation);
        await hub.SignalAsync("@starter@k", "go", "second");
        await hub.RaiseAsync("only", "E", "!");

        Assert.Equal("first!", (await hub.CompletionAsync("only")).ReadOutputAs<string>());
        Assert.Equal(1, started);

        await hub.SignalAsync("@starter@k", "go", "third");
        await Eventually.BecomesTrueAsync(
            async () => (await hub.Client.GetInstanceAsync("only", true, Cancellation)) is { IsRunning: true }, Cancellation);
        await hub.RaiseAsync("only", "E", "!");
        Assert.Equal("third!", (await hub.CompletionAsync("only")).ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task GetEntity_WithoutState_IsNull()
    {
        await using HubHarness hub = await new HubHarness(azurite).Entity<Counter>("Counter").StartAsync();
        Assert.Null(await hub.Client.Entities.GetEntityAsync<Counter.Total>(s_counter, cancellation: Cancellation));
        await hub.SignalAsync("@counter@k", "Add", 1);
        await CountsAsync(hub, 1);
        await hub.SignalAsync("@counter@k", "delete");

        await Eventually.BecomesTrueAsync(
            async () => await hub.Client.Entities.GetEntityAsync(s_counter, cancellation: Cancellation) is null, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task GetAllEntities_FiltersAndPages()
    {
        await using HubHarness hub = await new HubHarness(azurite).Entity<Counter>("Counter").Entity<Counter>("Other").StartAsync();
        for (int i = 0; i < 5; i++)
        {
            await hub.SignalAsync("@counter@Key/" + i, "Add", i);
        }

        await hub.SignalAsync("@other@x", "Add", 9);
        await Eventually.BecomesTrueAsync(async () => await hub.StateAsync<Counter.Total>("@other@x") is not null, Cancellation);

        EntityQuery query = new() { InstanceIdStartsWith = "Counter@Key/", PageSize = 2, IncludeState = true };
        List<EntityMetadata<Counter.Total>> found = [];
        int pages = 0;
        await foreach (Page<EntityMetadata<Counter.Total>> page in hub.Client.Entities.GetAllEntitiesAsync<Counter.Total>(query).AsPages())
        {
            Assert.True(page.Values.Count <= 2);
            pages += page.Values.Count > 0 ? 1 : 0;
            found.AddRange(page.Values);
        }

        Assert.Equal(["0", "1", "2", "3", "4"], found.Select(entity => entity.Id.Key["Key/".Length..]));
        Assert.Equal([0, 1, 2, 3, 4], found.Select(entity => entity.State.Value));
        Assert.Equal(3, pages);
        Assert.Equal(6, await CountAsync(hub.Client.Entities.GetAllEntitiesAsync(new EntityQuery { IncludeState = false })));
    }

    private static async Task<int> CountAsync(IAsyncEnumerable<EntityMetadata> entities)
    {
        int count = 0;
        await foreach (EntityMetadata entity in entities)
        {
            Assert.False(entity.IncludesState);
            count++;
        }

        return count;
    }

    private static Task CountsAsync(HubHarness hub, int expected) => Eventually.BecomesTrueAsync(
        async () => (await hub.StateAsync<Counter.Total>("@counter@k"))?.Value == expected, Cancellation);
}
