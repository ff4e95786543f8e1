using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Turns;

public sealed class TurnRunTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Answer_WithoutText_SaysThatNothingWasSaid()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var silent = await cluster.RunAsync(host, "a", "t1", "say ");
        var worked = await cluster.RunAsync(host, "a", "t2", "call-tool Write\nsay ");
        var blank = await cluster.RunAsync(host, "a", "t4", "say   ");
        var spoken = await cluster.RunAsync(host, "a", "t3", "say hello");

        Assert.Equal((TurnStatus.Completed, string.Empty), (silent.Status, silent.Reply?.Text));
        Assert.Equal([TurnRun.NothingSaidNotice], silent.Reply!.Notices);
        Assert.Equal((TurnStatus.Completed, string.Empty), (worked.Status, worked.Reply?.Text));
        Assert.Equal([TurnRun.NothingSaidNotice], worked.Reply!.Notices);
        Assert.Equal([TurnRun.NothingSaidNotice], blank.Reply!.Notices);
        Assert.Empty(spoken.Reply!.Notices);
    }
}
