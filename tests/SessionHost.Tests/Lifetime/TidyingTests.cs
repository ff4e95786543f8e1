using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

public sealed class TidyingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Tidy_HostsThatAreDead_GoAfterADay()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var now = TimeProvider.System.GetUtcNow();
        await cluster.Hosts.SaveAsync(Host("host-2", now - TimeSpan.FromHours(25)), Cancellation);
        await cluster.Hosts.SaveAsync(Host("host-3", now - TimeSpan.FromHours(23)), Cancellation);

        await host.Get<Tidying>().TidyAsync(Cancellation);

        Assert.Equal(["host-3"], cluster.Hosts.Hosts.Select(row => row.HostId).Except([host.HostId]));
    }

    private static HostRecord Host(string id, DateTimeOffset beat) => new()
    {
        HostId = id,
        Url = new Uri("http://127.0.0.1:9"),
        StartedAt = beat,
        HeartbeatAt = beat,
        HeartbeatInterval = TimeSpan.FromSeconds(2),
    };
}
