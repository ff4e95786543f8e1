using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Orchestrations;

[Trait("Category", "Emulator")]
public sealed class OrchestrationHubTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

        Assert.Equal("said 5 hi", (await hub.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(5, (await hub.StateAsync<Counter.Total>("@counter@k"))?.Value);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(false, null)]
    [InlineData(true, "System.InvalidOperationException")]
    public async Task FailedActivity_ReachesTheOrchestrator_AsTheHostPassesItOn(bool keepInner, string? inner)
    {
        await using HubHarness hub = new HubHarness(azurite)
            .Activity<int, string>("Boom", _ => throw new ArgumentException("boom", new InvalidOperationException("inner")))
            .Orchestrator<int, string>("Main", async (context, _) =>
            {
                try
                {
                    await context.CallActivityAsync("Boom");
                    return "?";
                }
                catch (TaskFailedException exception)
                {
                    TaskFailureDetails details = exception.FailureDetails;
                    return $"{exception.TaskName}|{details.ErrorType}|{details.ErrorMessage}|{details.InnerFailure?.ErrorType}";
                }
            });
        hub.Options.KeepInnerActivityFailures = keepInner;
        await hub.StartAsync();

        Assert.Equal("Boom|System.ArgumentException|boom|" + inner, await hub.RunAsync<string>("Main"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task UnregisteredActivity_FailsItsCall()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<int, string?>("Main", (context, _) => context.CallActivityAsync<string?>("Nothing"))
            .StartAsync();

        Assert.Equal("ActivityTaskNotFound", (await hub.RunAsync("Main")).FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Activities_RunSoManyAtATime()
    {
        int running = 0;
        int most = 0;
        await using HubHarness hub = new HubHarness(azurite)
            .Activity<int, int>("Work", async (n, cancellationToken) =>
            {
                int now = Interlocked.Increment(ref running);
                most = Math.Max(most, now);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
                Interlocked.Decrement(ref running);
                return n;
            })
            .Orchestrator<int, int>("Main", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Work", i)))).Sum());
        hub.Options.MaxConcurrentActivities = 3;
        await hub.StartAsync();

        Assert.Equal(190, await hub.RunAsync<int>("Main"));
        Assert.InRange(most, 1, 3);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task RetryPolicy_RunsTheActivityAgain()
    {
        int runs = 0;
        RetryPolicy policy = new(3, TimeSpan.FromMilliseconds(1));
        await using HubHarness hub = await new HubHarness(azurite)
            .Activity<int, int>("Flaky", _ => Interlocked.Increment(ref runs) < 3 ? throw new TimeoutException() : runs)
            .Orchestrator<int, int>("Main", (context, _) => context.CallActivityAsync<int>("Flaky", options: TaskOptions.FromRetryPolicy(policy)))
            .StartAsync();

        Assert.Equal(3, await hub.RunAsync<int>("Main"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SubOrchestration_KnowsItsParent_AndItsFailureIsTheParents()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<bool, string>("Child", (context, fail) => fail
                ? throw new InvalidOperationException("child failed")
                : Task.FromResult($"{context.Parent?.Name} {context.Parent?.InstanceId} {context.InstanceId}"))
            .Orchestrator<bool, string>("Main", (context, fail) => context.CallSubOrchestratorAsync<string>(
                "Child", fail, new SubOrchestrationOptions(instanceId: "child")))
            .StartAsync();

        Assert.Equal("Main parent child", (await hub.RunAsync("Main", false, "parent")).ReadOutputAs<string>());
        OrchestrationMetadata failed = await hub.RunAsync("Main", true, "parent");
        Assert.Equal("Task 'Child' (#0) failed with an unhandled exception: child failed", failed.FailureDetails?.ErrorMessage);
        Assert.Equal("System.InvalidOperationException", failed.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SubOrchestration_OfARunningId_FailsItsCall()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, string>("Waits", (context, _) => context.WaitForExternalEvent<string>("E"))
            .Orchestrator<string, string>("Main", (context, _) => context.CallSubOrchestratorAsync<string>(
                "Waits", options: new SubOrchestrationOptions(instanceId: "taken")))
            .StartAsync();
        await hub.ScheduleAsync("Waits", null, "taken");
        await hub.Client.WaitForInstanceStartAsync("taken", Cancellation);

        OrchestrationMetadata end = await hub.RunAsync("Main");

        Assert.Equal("An Orchestration instance with the ID taken already exists.", end.FailureDetails?.InnerFailure?.ErrorMessage);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SubOrchestration_ThatIsTerminated_FailsItsCall()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, string>("Waits", (context, _) => context.WaitForExternalEvent<string>("E"))
            .Orchestrator<string, string>("Main", (context, _) => context.CallSubOrchestratorAsync<string>(
                "Waits", options: new SubOrchestrationOptions(instanceId: "child")))
            .StartAsync();
        string id = await hub.ScheduleAsync("Main");
        await Eventually.BecomesTrueAsync(
            async () => (await hub.Client.GetInstanceAsync("child", Cancellation)) is { IsRunning: true }, Cancellation);

        await hub.Client.TerminateInstanceAsync("child", "why", Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await hub.CompletionAsync(id)).RuntimeStatus);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SendEvent_ReachesAnotherOrchestration()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, string>("Waits", (context, _) => context.WaitForExternalEvent<string>("E"))
            .Orchestrator<string, string>("Sends", (context, to) =>
            {
                context.SendEvent(to, "E", "hello");
                context.SendEvent("nobody", "E", "hello");
                return Task.FromResult("sent");
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Waits");

        await hub.RunAsync("Sends", id);

        Assert.Equal("hello", (await hub.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task ContinueAsNew_ManyTimes_EndsWithTheLastInput()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<int, int>("Loop", (context, n) =>
            {
                if (n < 200)
                {
                    context.ContinueAsNew(n + 1);
                }

                return Task.FromResult(n);
            })
            .StartAsync();

        Assert.Equal(200, await hub.RunAsync<int>("Loop", 0));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task OrchestratorThatAwaitsSomethingElse_IsReported()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<int, int>("Strays", async (context, input) =>
            {
                // What is awaited comes from another thread, while this one still runs the code.
                TaskCompletionSource foreign = new();
                using ManualResetEventSlim come = new();
                Task stray = ((Func<Task>)(async () => await foreign.Task))();
                _ = Task.Run(() =>
                {
                    foreign.SetResult();
                    come.Set();
                });
                come.Wait(Cancellation);
                await stray;
                return await context.WaitForExternalEvent<int>("E");
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Strays");
        await hub.Client.WaitForInstanceStartAsync(id, Cancellation);

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await hub.RaiseAsync(id, "other");
                return hub.Logs.Entries.Any(entry => entry.Contains("does not come from its context", StringComparison.Ordinal));
            },
            Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task IdsThatAreTooLongForAKey_AreRefusedWhereTheyAreUsed()
    {
        string tooLong = new('x', 600);
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<int, string>("Main", async (context, way) =>
            {
                switch (way)
                {
                    case 0:
                        context.SendEvent(tooLong, "E", 1);
                        break;
                    case 1:
                        await context.Entities.SignalEntityAsync(new EntityInstanceId("Counter", tooLong), "Add", 1);
                        break;
                    default:
                        await context.CallSubOrchestratorAsync("Main", way, new SubOrchestrationOptions(instanceId: tooLong));
                        break;
                }

                return "?";
            })
            .StartAsync();

        for (int way = 0; way < 3; way++)
        {
            Assert.Equal("System.ArgumentException", (await hub.RunAsync("Main", way)).FailureDetails?.ErrorType);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task InstanceIds_OfAnyCharacters_Work()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, string>("Main", (context, _) => Task.FromResult(context.InstanceId))
            .StartAsync();
        foreach (string id in new[] { "a:b|c*d+e", "50% off's \"~\"", "会話 🙂", "A", "a" })
        {
            Assert.Equal(id, (await hub.RunAsync("Main", null, id)).ReadOutputAs<string>());
        }

        await hub.RestartAsync();
        Assert.Equal("会話 🙂", (await hub.Client.GetInstanceAsync("会話 🙂", true, Cancellation))?.ReadOutputAs<string>());
    }
}
