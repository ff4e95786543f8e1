using System.Net;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Events;

public sealed class EventStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_WhileTheTurnRuns_TellsTextToolsAndTheReply()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        using var gate = new TempDirectory();
        var host = await cluster.AddHostAsync("host-1");
        await StartAsync(cluster, host, "delta he", $"wait-for {gate.Combine("go")}", "delta llo", "call-tool Bash", "tool-end done", "say hello");

        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        Assert.IsType<TurnEvent.Started>(await listener.NextAsync());
        await listener.UntilTextAsync("he");
        Open(gate);
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal("hello", completed.Reply.Text);
        Assert.Equal("hello", listener.Text);
        Assert.Equal(
            [
                new TurnEvent.Tool("toolu_1", ToolState.Started) { Name = "Bash", Input = """{"a":1}""" },
                new TurnEvent.Tool("toolu_1", ToolState.Ended) { IsError = false, Output = "done" },
            ],
            listener.Events.OfType<TurnEvent.Tool>());
        Assert.Equal("hello", (await cluster.ReadAsync("a", "t1")).Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_FromTheLastEventId_GoesOnWhereItWas()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        using var gate = new TempDirectory();
        var host = await cluster.AddHostAsync("host-1");
        await StartAsync(cluster, host, "delta he", $"wait-for {gate.Combine("go")}", "delta llo", "say hello");
        string? lastId;
        await using (var listener = await EventListener.OpenAsync(host, "a", "t1"))
        {
            await listener.UntilTextAsync("he");
            lastId = listener.LastId;
        }

        Open(gate);
        await cluster.EndAsync("a", "t1");
        await using var again = await EventListener.OpenAsync(host, "a", "t1", lastId);
        await again.EndAsync();

        Assert.Equal("llo", again.Text);
        Assert.Equal([typeof(TurnEvent.Delta), typeof(TurnEvent.Completed)], again.Events.Select(turnEvent => turnEvent.GetType()));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_AfterTheEnd_TellsEverythingOnceAndThenThatItIsOver()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "delta hello\nsay hello");

        await using var late = await EventListener.OpenAsync(host, "a", "t1");
        await late.EndAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions/a/turns/t1/events");
        request.Headers.Add("Last-Event-ID", late.LastId);
        using var over = await host.Http.SendAsync(request, Cancellation);

        Assert.Equal("hello", late.Text);
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("another-5")]
    [InlineData("garbage")]
    [InlineData("-")]
    public async Task Listen_FromAnIdOfAnotherRun_BeginsAnew(string lastId)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "delta hello\nsay hello");

        await using var listener = await EventListener.OpenAsync(host, "a", "t1", lastId);

        Assert.IsType<TurnEvent.Reset>(await listener.NextAsync());
        Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());
        Assert.Equal("hello", listener.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_RetractedText_IsResetAndToldAnew()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        using var gate = new TempDirectory();
        var host = await cluster.AddHostAsync("host-1");
        await StartAsync(cluster, host, "delta wrong", $"wait-for {gate.Combine("go")}", "abandon", "delta right", "say right");

        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        await listener.UntilTextAsync("wrong");
        Open(gate);
        await listener.EndAsync();

        Assert.Equal("right", listener.Text);
        Assert.Single(listener.Events.OfType<TurnEvent.Reset>());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnThatFails_EndsWithItsProblem()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "TurnIdle=00:00:10");
        await StartAsync(cluster, host, "print {}");

        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        var failed = Assert.IsType<TurnEvent.Failed>(await listener.EndAsync());

        Assert.Equal(AttemptOutcome.Failed, failed.Outcome);
        Assert.Equal(ProblemCodes.TurnTimedOut, failed.Problem.Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_NothingHappens_IsSentSignsOfLife()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        using var gate = new TempDirectory();
        var host = await cluster.AddHostAsync("host-1", "EventHeartbeat=00:00:01");
        await StartAsync(cluster, host, $"wait-for {gate.Combine("go")}", "say late");

        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        var end = listener.EndAsync();
        await Eventually.BecomesTrueAsync(() => listener.Comments >= 2, Cancellation);
        Open(gate);

        Assert.IsType<TurnEvent.Completed>(await end);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_ThousandsOfPieces_AreToldInFewEventsAndInOrder()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(piece => $"word{piece} "));
        await StartAsync(cluster, host, "stream 20000", "say " + text);

        await using var listener = await EventListener.OpenAsync(host, "a", "t1");
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal(text, completed.Reply.Text);
        Assert.Equal(text, listener.Text);
        Assert.Empty(listener.Events.OfType<TurnEvent.Reset>());
        Assert.InRange(listener.Events.Count, 3, 1_500);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_ListenerThatDoesNotRead_HoldsNothingUpAndBeginsAnewLater()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxEventBytes=65536");
        using var gate = new TempDirectory();
        await StartAsync(cluster, host, "delta first", $"wait-for {gate.Combine("go")}", "stream 100000", "call-tool Bash", "delta !", "say short");
        await using var idle = await EventListener.OpenAsync(host, "a", "t1");
        await idle.UntilTextAsync("first");
        Open(gate);

        // The listener takes nothing meanwhile, and the turn ends all the same.
        var turn = await cluster.EndAsync("a", "t1");
        await idle.EndAsync();

        Assert.Equal("short", turn.Reply!.Text);
        Assert.True(host.Get<TurnRelays>().Find(Sessions.Identity.SessionId.Parse("a"), "t1")!.Log.Bytes < 100_000);
        await using var late = await EventListener.OpenAsync(host, "a", "t1", idle.LastId![..idle.LastId!.IndexOf('-', StringComparison.Ordinal)] + "-2");
        Assert.IsType<TurnEvent.Reset>(await late.NextAsync());
        Assert.IsType<TurnEvent.Completed>(await late.EndAsync());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Listen_TurnsOfOthers_AreNotFound()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "say x");

        foreach (var path in new[] { "/sessions/b/turns/t1/events", "/sessions/a/turns/t2/events" })
        {
            using var response = await host.Http.GetAsync(path, Cancellation);
            Assert.Equal(ProblemCodes.TurnNotFound, (await RunningHost.ProblemAsync(response)).Code);
        }
    }

    private static async Task StartAsync(HostCluster cluster, RunningHost host, params string[] steps) =>
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", string.Join('\n', steps)));

    private static void Open(TempDirectory gate) => File.WriteAllText(gate.Combine("go"), string.Empty);
}
