using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Durable.Tests.Recovery;

/// <summary>Storage that fails now and then, before or after it has done what it was asked.</summary>
[Trait("Category", "Emulator")]
public sealed class FaultTests(AzuriteFixture azurite)
{
    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    public async Task EveryNthWrite_Failing_ChangesNothingInTheEnd(int n, bool answerLost)
    {
        int writes = 0;
        bool failing = false;
        StorageFault fault = answerLost ? StorageFault.AnswerLost : StorageFault.RequestLost;
        await using FaultyStorage storage = new((request, _) =>
            failing && request.Method != HttpMethod.Get && Interlocked.Increment(ref writes) % n == 0 ? fault : StorageFault.None);
        await using HubHarness hub = new HubHarness(azurite) { TableOptions = storage.Options }.AddWorkload();
        await hub.StartAsync();

        failing = true;
        await Workload.BeginAsync(hub, 0, 6);
        await Workload.VerifyAsync(hub, 6);
        failing = false;
        await hub.CrashAndRestartAsync();

        await Workload.VerifyAsync(hub, 6);
        Assert.True(writes > n, "Nothing failed.");
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task AnyOneRequest_FailingAfterACrash_DoesNotSpoilTheRecovery()
    {
        int failAt = 0;
        int requests = 0;
        await using FaultyStorage storage = new((_, _) =>
            failAt > 0 && Interlocked.Increment(ref requests) == failAt ? StorageFault.AnswerLost : StorageFault.None);
        storage.Options.Retry.MaxRetries = 3;
        await using HubHarness hub = new HubHarness(azurite) { TableOptions = storage.Options }.AddWorkload();
        await hub.StartAsync();
        await Workload.BeginAsync(hub, 0, 3);
        for (int i = 1; i <= 12; i++)
        {
            requests = 0;
            failAt = i;
            await hub.CrashAndRestartAsync();
        }

        failAt = 0;
        await Workload.VerifyAsync(hub, 3);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Activity_DoesNotRun_BeforeTheDecisionToCallItIsDurable()
    {
        bool failing = false;
        int runs = 0;
        await using FaultyStorage storage = new((request, _) =>
            failing && request.Method != HttpMethod.Get ? StorageFault.RequestLost : StorageFault.None);
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using HubHarness hub = await new HubHarness(azurite) { TableOptions = storage.Options }
            .Activity<int, int>("Count", _ => Interlocked.Increment(ref runs))
            .Orchestrator<int, int>("Main", async (context, _) =>
            {
                await context.WaitForExternalEvent<int>("Go");
                Task<int> counted = context.CallActivityAsync<int>("Count", 0);
                called.TrySetResult();
                return await counted;
            })
            .StartAsync();
        string id = await hub.ScheduleAsync("Main");
        await hub.Client.WaitForInstanceStartAsync(id, TestContext.Current.CancellationToken);

        failing = true;
        Task raised = hub.RaiseAsync(id, "Go", 1);
        await called.Task;
        await Eventually.BecomesTrueAsync(
            () => hub.Logs.Entries.Any(entry => entry.Contains("log cannot be written now", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);
        Assert.Equal(0, runs);
        failing = false;

        await raised;
        Assert.Equal(1, (await hub.CompletionAsync(id)).ReadOutputAs<int>());
    }

    private sealed class FaultyStorage : IAsyncDisposable
    {
        private readonly HttpClient _client;
        private readonly HttpClientTransport _transport;

        public FaultyStorage(Func<HttpRequestMessage, int, StorageFault> choose)
        {
            _client = new HttpClient(new FaultyHandler(choose));
            _transport = new HttpClientTransport(_client);
            Options = new TableClientOptions { Transport = _transport };
            Options.Retry.MaxRetries = 0;
            Options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        }

        public TableClientOptions Options { get; }

        public ValueTask DisposeAsync()
        {
            _transport.Dispose();
            _client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
