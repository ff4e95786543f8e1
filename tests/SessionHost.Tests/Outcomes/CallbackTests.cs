using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Outcomes;

public sealed class CallbackTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_FrontThatIsAway_IsTriedAgainAndTheSessionGoesOnMeanwhile()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        cluster.Callbacks.Refuse(3);

        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", "say one"));

        Assert.Equal("one", (await cluster.EndAsync("a", "t1")).Reply!.Text);
        Assert.Equal("two", (await cluster.RunAsync(host, "a", "t2", "say two")).Reply!.Text);
        Assert.Equal(2, cluster.Callbacks.Received.Count);
    }
}
