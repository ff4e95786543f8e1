using System.Net;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Events;

public sealed class RelayedPermissionTests
{
    private const string Relay = "Profiles:default:Permissions=relay";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_Allowed_IsToldAndTheTurnGoesOn()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (host, listener, asked) = await AskAsync(cluster, Relay);
        await using var _ = listener;

        using var answer = await host.DecideAsync("a", asked.RequestId, """{"decision":"allow"}""");
        var turn = await cluster.EndAsync("a", "t1");
        await listener.EndAsync();

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("""allowed {"file_path":"f"}""", turn.Reply!.Text);
        Assert.Equal(("Write", "toolu_1", "f"), (asked.ToolName, asked.ToolId, asked.Description));
        Assert.Equal("""{"file_path":"f"}""", asked.Input.ToString());
        Assert.InRange(asked.ExpiresAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        Assert.Contains(new TurnEvent.Permission(asked.RequestId, PermissionState.Allowed), listener.Events);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("""{"decision":"allow","updatedInput":{"b":[1]}}""", """allowed {"b":[1]}""")]
    [InlineData("""{"decision":"deny","message":"not today"}""", "denied not today")]
    [InlineData("""{"decision":"deny"}""", "denied The user does not allow this.")]
    public async Task Question_Decided_ReachesTheCliAsItWasSaid(string decision, string reply)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (host, listener, asked) = await AskAsync(cluster, Relay);
        await using var _ = listener;

        using var answer = await host.DecideAsync("a", asked.RequestId, decision);

        Assert.Equal(reply, (await cluster.EndAsync("a", "t1")).Reply!.Text);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("", ProblemCodes.InvalidJson)]
    [InlineData("{}", ProblemCodes.InvalidJson)]
    [InlineData("null", ProblemCodes.InvalidRequest)]
    [InlineData("""{"decision":"maybe"}""", ProblemCodes.InvalidJson)]
    [InlineData("""{"decision":"allow","updatedInput":[]}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"decision":"allow","message":"x"}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"decision":"allow","interrupt":true}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"decision":"deny","updatedInput":{}}""", ProblemCodes.InvalidRequest)]
    public async Task Decision_ThatCannotBeTaken_IsAProblemAndLeavesTheQuestionOpen(string decision, string code)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (host, listener, asked) = await AskAsync(cluster, Relay);
        await using var _ = listener;

        using var refused = await host.DecideAsync("a", asked.RequestId, decision);
        Assert.Equal(code, (await RunningHost.ProblemAsync(refused)).Code);

        using var taken = await host.DecideAsync("a", asked.RequestId, """{"decision":"deny","message":"no"}""");
        Assert.Equal("denied no", (await cluster.EndAsync("a", "t1")).Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Decision_UnknownOrSecondOrOfAnotherSession_IsAProblem()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (host, listener, asked) = await AskAsync(cluster, Relay);
        await using var _ = listener;

        using var stranger = await host.DecideAsync("b", asked.RequestId, """{"decision":"allow"}""");
        using var unknown = await host.DecideAsync("a", "nothing", """{"decision":"allow"}""");
        using var first = await host.DecideAsync("a", asked.RequestId, """{"decision":"deny"}""");
        using var second = await host.DecideAsync("a", asked.RequestId, """{"decision":"allow"}""");
        await cluster.EndAsync("a", "t1");
        using var late = await host.DecideAsync("a", asked.RequestId, """{"decision":"allow"}""");

        Assert.Equal(ProblemCodes.PermissionNotFound, (await RunningHost.ProblemAsync(stranger)).Code);
        Assert.Equal(ProblemCodes.PermissionNotFound, (await RunningHost.ProblemAsync(unknown)).Code);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Contains("denied", (await RunningHost.ProblemAsync(second)).Detail, StringComparison.Ordinal);
        Assert.Equal(ProblemCodes.PermissionSettled, (await RunningHost.ProblemAsync(late)).Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_NotAnsweredInTime_IsDeniedThoughTheIdleLimitIsShorter()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (host, listener, asked) = await AskAsync(cluster, Relay, "Profiles:default:PermissionTimeout=00:00:15", "TurnIdle=00:00:10");
        await using var _ = listener;

        var turn = await cluster.EndAsync("a", "t1");
        await listener.EndAsync();
        using var late = await host.DecideAsync("a", asked.RequestId, """{"decision":"allow"}""");

        Assert.Equal("denied Nobody answered within 15 seconds.", turn.Reply!.Text);
        Assert.Contains(new TurnEvent.Permission(asked.RequestId, PermissionState.Expired), listener.Events);
        Assert.Contains("expired", (await RunningHost.ProblemAsync(late)).Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_OpenWhenTheTurnIsCancelled_IsWithdrawn()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (host, listener, asked) = await AskAsync(cluster, Relay);
        await using var _ = listener;

        using var cancel = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);
        var finished = await cluster.Callbacks.WaitAsync("t1");
        await listener.EndAsync();
        using var late = await host.DecideAsync("a", asked.RequestId, """{"decision":"allow"}""");

        Assert.Equal(ProblemCodes.TurnCancelled, finished.Problem!.Code);
        Assert.Contains(new TurnEvent.Permission(asked.RequestId, PermissionState.Withdrawn), listener.Events);
        Assert.Contains("withdrawn", (await RunningHost.ProblemAsync(late)).Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Question_InAProfileThatRelaysNothing_IsDeniedAndNotTold()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "a", "t1", "ask");

        Assert.StartsWith("denied", turn.Reply!.Text, StringComparison.Ordinal);
        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        await listener.EndAsync();
        Assert.Empty(listener.Events.OfType<TurnEvent.Permission>());
    }

    private static async Task<(RunningHost Host, EventListener Listener, TurnEvent.Permission Asked)> AskAsync(
        HostCluster cluster,
        params string[] settings)
    {
        var host = await cluster.AddHostAsync("host-1", settings);
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", "ask"));
        var listener = await EventListener.OpenAsync(host, "a", "t1");
        return (host, listener, await listener.UntilAsync<TurnEvent.Permission>(permission => permission.State == PermissionState.Asked));
    }
}
