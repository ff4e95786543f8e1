using FunctionsBroker.Local.Durable.Tests.Harness;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Durable.Tests.Recovery;

[Trait("Category", "Emulator")]
public sealed class StorageOutageTests
{
    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task StorageThatGoesAwayAndComesBack_StopsTheWorkOnlyMeanwhile()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using Azurite azurite = await Azurite.StartOnDiskAsync(cancellation);
        await using HubHarness hub = new HubHarness(azurite.ConnectionString).AddWorkload();
        await hub.StartAsync();
        await Workload.BeginAsync(hub, 0, 5);

        await azurite.StopAsync(cancellation);
        Task signal = hub.SignalAsync("@counter@outage", "Add", 1);
        await Eventually.BecomesTrueAsync(
            () => hub.Logs.Entries.Any(entry => entry.Contains("log cannot be written now", StringComparison.Ordinal)), cancellation);
        Assert.False(signal.IsCompleted);
        await azurite.StartAsync(cancellation);

        await signal;
        await Workload.VerifyAsync(hub, 5);
        Assert.Equal(1, (await hub.StateAsync<Counter.Total>("@counter@outage"))?.Value);
    }
}
