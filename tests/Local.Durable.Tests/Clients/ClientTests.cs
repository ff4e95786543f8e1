using DurableTask.Core.Exceptions;
using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Tests.Clients;

[Trait("Category", "Emulator")]
public sealed class ClientTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Schedule_OverARunningInstance_Throws()
    {
        await using HubHarness hub = await WaitingHubAsync();
        await hub.ScheduleAsync("Waits", "a", "ID");

        OrchestrationAlreadyExistsException exception =
            await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.ScheduleAsync("Waits", "b", "ID"));

        Assert.Equal("An Orchestration instance with the ID ID already exists.", exception.Message);
        Assert.Equal("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", exception.GetType().FullName);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Schedule_OfOneIdByManyAtOnce_StartsOne()
    {
        await using HubHarness hub = await WaitingHubAsync();

        bool[] started = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await hub.ScheduleAsync("Waits", i, "ID");
                return true;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return false;
            }
        }));

        Assert.Single(started, true);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Schedule_OverAnEndedInstance_ReplacesIt_UnlessItsStatusIsDeduplicated()
    {
        await using HubHarness hub = await WaitingHubAsync();
        await hub.ScheduleAsync("Waits", "first", "ID");
        await hub.RaiseAsync("ID", "E", "1");
        await hub.CompletionAsync("ID");

        StartOrchestrationOptions once = new StartOrchestrationOptions("ID").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waits", "second", once, Cancellation));

        await hub.ScheduleAsync("Waits", "second", "ID");
        await hub.RaiseAsync("ID", "E", "2");
        Assert.Equal("second2", (await hub.CompletionAsync("ID")).ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Schedule_OfWhatIsNotRegistered_Throws()
    {
        await using HubHarness hub = await WaitingHubAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => hub.ScheduleAsync("Nothing"));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.ScheduleAsync("Waits", null, "@looks@like-an-entity"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Schedule_WithAStartTime_IsPendingUntilThen_AndKeepsEvents()
    {
        ManualTimeProvider time = new();
        await using HubHarness hub = await WaitingHubAsync(time);
        StartOrchestrationOptions later = new("ID", time.GetUtcNow().AddHours(1));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waits", "late", later, Cancellation);
        await hub.RaiseAsync("ID", "E", "!");
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync("ID", Cancellation))?.RuntimeStatus);

        time.Advance(TimeSpan.FromHours(1.01));

        Assert.Equal("late!", (await hub.CompletionAsync("ID")).ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Terminate_BeforeTheStartTime_EndsIt()
    {
        await using HubHarness hub = await WaitingHubAsync();
        StartOrchestrationOptions later = new("ID", TimeProvider.System.GetUtcNow().AddHours(1));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waits", "late", later, Cancellation);
        await hub.Client.TerminateInstanceAsync("ID", "no", Cancellation);

        OrchestrationMetadata end = await hub.CompletionAsync("ID");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("no", end.ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Anything_OfAnUnknownInstance_ThrowsTheSame()
    {
        await using HubHarness hub = await WaitingHubAsync();
        Func<Task>[] calls =
        [
            () => hub.RaiseAsync("nope", "E"),
            () => hub.Client.TerminateInstanceAsync("nope", Cancellation),
            () => hub.Client.SuspendInstanceAsync("nope", Cancellation),
            () => hub.Client.WaitForInstanceCompletionAsync("nope", Cancellation),
        ];

        foreach (Func<Task> call in calls)
        {
            ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(call);
            Assert.Equal("No instance with ID 'nope' was found.", exception.Message);
        }

        Assert.Null(await hub.Client.GetInstanceAsync("nope", Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Anything_OfAnEndedInstance_IsRefused()
    {
        await using HubHarness hub = await WaitingHubAsync();
        string id = await hub.ScheduleAsync("Waits");
        await hub.RaiseAsync(id, "E", "!");
        await hub.CompletionAsync(id);

        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.RaiseAsync(id, "E"));
        InvalidOperationException exception =
            await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.TerminateInstanceAsync(id, Cancellation));
        Assert.Equal($"Cannot terminate the orchestration instance {id} because instance is in the Completed state.", exception.Message);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Suspend_ThenResume_GoesOn()
    {
        await using HubHarness hub = await WaitingHubAsync();
        string id = await hub.ScheduleAsync("Waits", "a");
        await hub.Client.WaitForInstanceStartAsync(id, Cancellation);
        await hub.Client.SuspendInstanceAsync(id, "why", Cancellation);
        await StatusAsync(hub, id, OrchestrationRuntimeStatus.Suspended);
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.SuspendInstanceAsync(id, Cancellation));
        await hub.RaiseAsync(id, "E", "!");
        await hub.Client.ResumeInstanceAsync(id, null, Cancellation);

        Assert.Equal("a!", (await hub.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Metadata_OfARunningInstance_ShowsInputAndCustomStatus()
    {
        await using HubHarness hub = await WaitingHubAsync();
        string id = await hub.ScheduleAsync("Waits", "a");
        await hub.Client.WaitForInstanceStartAsync(id, Cancellation);

        OrchestrationMetadata? with = await hub.Client.GetInstanceAsync(id, true, Cancellation);
        OrchestrationMetadata? without = await hub.Client.GetInstanceAsync(id, Cancellation);

        Assert.Equal("""{"phase":"waiting"}""", with?.SerializedCustomStatus);
        Assert.Equal("a", with?.ReadInputAs<string>());
        Assert.True(with?.IsRunning);
        Assert.Null(without?.SerializedInput);
        Assert.Null(without?.SerializedCustomStatus);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Purge_RemovesEndedInstancesOnly()
    {
        await using HubHarness hub = await WaitingHubAsync();
        string id = await hub.ScheduleAsync("Waits");
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync(id, Cancellation)).PurgedInstanceCount);
        await hub.RaiseAsync(id, "E", "!");
        await hub.CompletionAsync(id);

        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync(id, Cancellation)).PurgedInstanceCount);
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync(id, Cancellation)).PurgedInstanceCount);
        Assert.Null(await hub.Client.GetInstanceAsync(id, Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task GetAllInstances_FiltersByPrefixStatusAndTime_AndPages()
    {
        await using HubHarness hub = await WaitingHubAsync();
        foreach (string id in new[] { "a:1", "a:2", "a:3", "b:1" })
        {
            await hub.ScheduleAsync("Waits", id, id);
        }

        await hub.RaiseAsync("a:2", "E", "!");
        await hub.CompletionAsync("a:2");

        Assert.Equal(["a:1", "a:2", "a:3"], await IdsAsync(hub, new OrchestrationQuery(InstanceIdPrefix: "a:", PageSize: 2)));
        Assert.Equal(["a:2"], await IdsAsync(hub, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed])));
        Assert.Equal(4, (await IdsAsync(hub, new OrchestrationQuery(CreatedFrom: DateTimeOffset.MinValue, FetchInputsAndOutputs: true))).Count);
        Assert.Empty(await IdsAsync(hub, new OrchestrationQuery(CreatedFrom: TimeProvider.System.GetUtcNow().AddHours(1))));
        await foreach (Page<OrchestrationMetadata> page in hub.Client.GetAllInstancesAsync(new OrchestrationQuery { PageSize = 2 }).AsPages())
        {
            Assert.True(page.Values.Count <= 2);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task PurgeAll_RemovesWhatMeetsTheFilter()
    {
        await using HubHarness hub = await WaitingHubAsync();
        foreach (string id in new[] { "1", "2", "3" })
        {
            await hub.ScheduleAsync("Waits", id, id);
        }

        await hub.RaiseAsync("1", "E", "!");
        await hub.CompletionAsync("1");
        await hub.Client.TerminateInstanceAsync("2", Cancellation);
        await hub.CompletionAsync("2");

        PurgeResult one = await hub.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Terminated]), Cancellation);
        PurgeResult rest = await hub.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(CreatedTo: TimeProvider.System.GetUtcNow().AddMinutes(1)), Cancellation);

        Assert.Equal((1, 1), (one.PurgedInstanceCount, rest.PurgedInstanceCount));
        Assert.Equal(["3"], await IdsAsync(hub, null));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Wait_ThatIsCancelled_Ends()
    {
        await using HubHarness hub = await WaitingHubAsync();
        string id = await hub.ScheduleAsync("Waits");
        using CancellationTokenSource cancellation = new();
        Task waiting = hub.Client.WaitForInstanceCompletionAsync(id, cancellation.Token);
        Assert.False(waiting.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static Task StatusAsync(HubHarness hub, string id, OrchestrationRuntimeStatus status) => Eventually.BecomesTrueAsync(
        async () => (await hub.Client.GetInstanceAsync(id, Cancellation))?.RuntimeStatus == status, Cancellation);

    private static async Task<List<string>> IdsAsync(HubHarness hub, OrchestrationQuery? query)
    {
        List<string> ids = [];
        await foreach (OrchestrationMetadata instance in hub.Client.GetAllInstancesAsync(query))
        {
            ids.Add(instance.InstanceId);
        }

        return ids;
    }

    private Task<HubHarness> WaitingHubAsync(TimeProvider? time = null) => new HubHarness(azurite, time)
        .Orchestrator<object, string>("Waits", async (context, input) =>
        {
            context.SetCustomStatus(new { phase = "waiting" });
            return input + await context.WaitForExternalEvent<string>("E");
        })
        .StartAsync();
}
