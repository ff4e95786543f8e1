using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Tests.Recovery;

[Trait("Category", "Emulator")]
public sealed class CrashTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Workload_WithoutACrash_EndsAsItMust()
    {
        await using HubHarness hub = await new HubHarness(azurite).AddWorkload().StartAsync();

        await Workload.BeginAsync(hub, 0, 10);

        await Workload.VerifyAsync(hub, 10);
    }

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Workload_CrashedAgainAndAgain_EndsAsItMust(int seed)
    {
        const int Count = 12;
        Random random = new(seed);
        await using HubHarness hub = await new HubHarness(azurite).AddWorkload().StartAsync();
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task crashes = Task.Run(
            async () =>
            {
                for (int i = 0; i < 15 && !done.IsCancellationRequested; i++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, 80)), TimeProvider.System, Cancellation);
                    if (random.Next(2) == 0)
                    {
                        // So that some rows are ahead of entries that are still needed for others.
                        await hub.CheckpointAsync();
                    }

                    await hub.CrashAndRestartAsync();
                }
            },
            Cancellation);

        await Workload.BeginAsync(hub, 0, Count);
        await Workload.VerifyAsync(hub, Count);
        await crashes;
        await hub.CrashAndRestartAsync();
        await Workload.VerifyAsync(hub, Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task ActivityThatHadNotEnded_RunsAgain()
    {
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int runs = 0;
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, string>("Main", (context, _) => context.CallActivityAsync<string>("Hangs"))
            .Activity<string, string>("Hangs", async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    running.SetResult();
                    await never.Task.WaitAsync(cancellationToken);
                }

                return "ran";
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Main");
        await running.Task;

        await hub.CrashAndRestartAsync();

        Assert.Equal("ran", (await hub.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(2, runs);
    }

    // The start is below the log's floor, so that nothing puts right what is applied a second time above it.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Rows_AheadOfTheFloor_AreNotGivenTheSameEntriesAgain()
    {
        // The clock stands still, so that rows are written only when the test says so.
        await using HubHarness hub = await new HubHarness(azurite, new ManualTimeProvider())
            .Activity<int, int>("Double", n => 2 * n)
            .Orchestrator<string, string>("Main", async (context, _) =>
            {
                int first = await context.CallActivityAsync<int>("Double", await context.WaitForExternalEvent<int>("First"));
                context.SetCustomStatus("half");
                return $"{first} {await context.WaitForExternalEvent<int>("Second")}";
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Main");
        await hub.Client.WaitForInstanceStartAsync(id, Cancellation);
        await hub.CheckpointAsync();
        await hub.RaiseAsync(id, "First", 4);
        await Eventually.BecomesTrueAsync(
            async () => (await hub.Client.GetInstanceAsync(id, true, Cancellation))?.SerializedCustomStatus == "\"half\"", Cancellation);
        await hub.CheckpointAsync();

        await hub.CrashAndRestartAsync();
        await hub.RaiseAsync(id, "Second", 5);

        OrchestrationMetadata end = await hub.CompletionAsync(id);
        Assert.True(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{end.FailureDetails}");
        Assert.Equal("8 5", end.ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Timer_OutlivesACrash_AndFiresOnce()
    {
        ManualTimeProvider time = new();
        await using HubHarness hub = await new HubHarness(azurite, time)
            .Orchestrator<string, string>("Main", async (context, _) =>
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return context.CurrentUtcDateTime.ToString("t", System.Globalization.CultureInfo.InvariantCulture);
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Main");
        await hub.Client.WaitForInstanceStartAsync(id, Cancellation);

        await hub.CrashAndRestartAsync();
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.True((await hub.Client.GetInstanceAsync(id, Cancellation))?.IsRunning);
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("01:01", (await hub.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task DelayedSignalAndScheduledStart_OutliveACrash()
    {
        ManualTimeProvider time = new();
        await using HubHarness hub = await new HubHarness(azurite, time)
            .Entity<Counter>("Counter")
            .Orchestrator<string, string>("Main", (_, input) => Task.FromResult(input))
            .StartAsync();
        await hub.SignalAsync("@counter@k", "Add", 1, time.GetUtcNow().AddHours(1));
        StartOrchestrationOptions later = new("later", time.GetUtcNow().AddHours(1));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Main", "x", later, Cancellation);

        await hub.CrashAndRestartAsync();
        await hub.RestartAsync();
        time.Advance(TimeSpan.FromHours(2));

        Assert.Equal("x", (await hub.CompletionAsync("later")).ReadOutputAs<string>());
        await Eventually.BecomesTrueAsync(async () => (await hub.StateAsync<Counter.Total>("@counter@k"))?.Value == 1, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task PurgedInstance_StaysPurged_AndItsIdIsFree()
    {
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, string>("Main", (_, input) => Task.FromResult(input))
            .StartAsync();
        await hub.RunAsync("Main", "first", "ID");
        await hub.RestartAsync();
        await hub.Client.PurgeInstanceAsync("ID", Cancellation);

        await hub.CrashAndRestartAsync();
        Assert.Null(await hub.Client.GetInstanceAsync("ID", Cancellation));
        await hub.RunAsync("Main", "second", "ID");
        await hub.CrashAndRestartAsync();

        Assert.Equal("second", (await hub.Client.GetInstanceAsync("ID", true, Cancellation))?.ReadOutputAs<string>());
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Log_OfOwnersThatNeverCheckpointed_DoesNotFillUp()
    {
        ManualTimeProvider time = new();
        await using HubHarness hub = await new HubHarness(azurite, time).Entity<Counter>("Counter").StartAsync();
        for (int i = 0; i < 4; i++)
        {
            // One record each, and no checkpoint, because the clock stands still.
            for (int n = 0; n < 80; n++)
            {
                await hub.SignalAsync("@counter@k", "Add", 1);
            }

            await hub.CrashAndRestartAsync();
        }

        await Eventually.BecomesTrueAsync(async () => (await hub.StateAsync<Counter.Total>("@counter@k"))?.Value == 320, Cancellation);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Log_ThatGoesRoundManyTimes_KeepsEverything()
    {
        await using HubHarness hub = await new HubHarness(azurite).Entity<Counter>("Counter").StartAsync();
        for (int n = 0; n < 1300; n++)
        {
            await hub.SignalAsync("@counter@" + (n % 7), "Add", 1);
        }

        await hub.CrashAndRestartAsync();

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                int[] values = await Task.WhenAll(
                    Enumerable.Range(0, 7).Select(async i => (await hub.StateAsync<Counter.Total>("@counter@" + i))?.Value ?? 0));
                return values.Sum() == 1300;
            },
            Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task LargePayloads_SurviveTheLogAndTheRows()
    {
        string large = new('x', 3_000_000);
        await using HubHarness hub = await new HubHarness(azurite)
            .Entity("Store", operation =>
            {
                if (operation.HasInput)
                {
                    operation.State.SetState(operation.GetInput<string>());
                }

                return operation.State.GetState<string>()?.Length;
            })
            .Orchestrator<string, int>("Main", async (context, input) =>
                input.Length + (await context.WaitForExternalEvent<string>("E")).Length)
            .StartAsync();
        string id = await hub.ScheduleAsync("Main", large);
        await hub.SignalAsync("@store@k", "set", large);
        await hub.CrashAndRestartAsync();
        await Eventually.BecomesTrueAsync(async () => await hub.StateAsync<string>("@store@k") == large, Cancellation);
        await hub.RestartAsync();
        await hub.SignalAsync("@store@k", "set", "small");
        await hub.RaiseAsync(id, "E", large);

        Assert.Equal(6_000_000, (await hub.CompletionAsync(id)).ReadOutputAs<int>());
        await Eventually.BecomesTrueAsync(async () => await hub.StateAsync<string>("@store@k") == "small", Cancellation);
        await hub.RestartAsync();
        Assert.Equal("small", await hub.StateAsync<string>("@store@k"));
        Assert.Equal(large, (await hub.Client.GetInstanceAsync(id, true, Cancellation))?.ReadInputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_LetsActivitiesKnow_AndTheyRunAgainAfterTheStart()
    {
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int runs = 0;
        await using HubHarness hub = await new HubHarness(azurite)
            .Orchestrator<string, int>("Main", (context, _) => context.CallActivityAsync<int>("Waits"))
            .Activity<string, int>("Waits", async (_, cancellationToken) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    running.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }

                return runs;
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Main");
        await running.Task;

        await hub.RestartAsync();

        OrchestrationMetadata end = await hub.CompletionAsync(id);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, 2), (end.RuntimeStatus, end.ReadOutputAs<int>()));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Instances_ThatWereEvicted_ComeBackWhenNeeded()
    {
        await using HubHarness hub = new HubHarness(azurite).AddWorkload();
        hub.Options.MaxCachedInstances = 1;
        await hub.StartAsync();
        for (int round = 0; round < 3; round++)
        {
            await Workload.BeginAsync(hub, round * 4, 4);

            // A query writes all rows, after which everything idle may be forgotten.
            await foreach (OrchestrationMetadata instance in hub.Client.GetAllInstancesAsync())
            {
                Assert.NotEmpty(instance.Name);
            }
        }

        await Workload.VerifyAsync(hub, 12);
    }
}
