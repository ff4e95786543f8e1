using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.EndToEnd;

public sealed class CrashTests(BrokerFixture broker) : EndToEndTest(broker)
{
    /// <summary>Longer than the kill may take, for the first try alone. The model counts by the prompt, which so no other test may have.</summary>
    private const string Once = "60s times=1";

    [Fact(Timeout = LongTest)]
    public async Task The_front_is_killed_in_the_middle_of_a_turn_and_the_reply_arrives_once()
    {
        var session = NewId("front");
        await Api.AskAsync(session, "remember colour=blue");
        var turn = await StartSlowTurnAsync(session, "recall colour", "3s");
        var killed = Endpoints.Front.Pid;

        BrokerSystem.Kill(killed);

        var ended = await WaitForEndAsync(session, turn);
        Assert.NotEqual(killed, Endpoints.Front.Pid);
        Assert.Equal("[2] blue", ended.Reply?.Text);
        Assert.Equal("[2] blue", (await Broker.Replies.WaitAsync(turn)).Text);
        Assert.Single(ended.Attempts);

        // Order within the session: when the next turn has its reply, a second one of the first would be there too.
        Assert.Equal("[3] on", (await Api.AskAsync(session, "on")).Reply?.Text);
        Assert.Single(Broker.Replies.Of(turn));
    }

    [Fact(Timeout = LongTest)]
    public async Task The_front_s_worker_is_killed_in_the_middle_of_a_turn_and_the_reply_arrives_once()
    {
        var session = NewId("worker");
        await Api.AskAsync(session, "remember colour=blue");
        var turn = await StartSlowTurnAsync(session, "recall colour", "3s");
        var host = Endpoints.Front.Pid;
        var killed = FunctionsWorker.Find(host);
        Assert.NotNull(killed);

        BrokerSystem.Kill(killed.Value);

        var ended = await WaitForEndAsync(session, turn);
        Assert.Equal("[2] blue", ended.Reply?.Text);
        Assert.Equal("[2] blue", (await Broker.Replies.WaitAsync(turn)).Text);
        Assert.Single(ended.Attempts);

        // Another worker, of the same host.
        Assert.Equal(host, Endpoints.Front.Pid);
        Assert.NotEqual(killed, FunctionsWorker.Find(host));
        Assert.Equal("[3] on", (await Api.AskAsync(session, "on")).Reply?.Text);
        Assert.Single(Broker.Replies.Of(turn));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_host_is_killed_in_the_middle_of_a_turn_and_the_conversation_goes_on()
    {
        var session = NewId("host");
        await Api.AskAsync(session, "remember host-colour=red");
        var turn = await StartSlowTurnAsync(session, "recall host-colour", Once);
        var hostId = await FindHostAsync(session, turn);
        var host = Endpoints.Hosts.Single(candidate => candidate.Id == hostId);

        BrokerSystem.Kill(host.Pid);

        var ended = await WaitForEndAsync(session, turn);
        Assert.Equal("red", ended.Reply?.Text.Split(' ')[^1]);
        Assert.Equal(2, ended.Attempts.Count);
        Assert.Equal(AttemptOutcome.Completed, ended.Attempts[1].Outcome);

        // Whether the front misses the host, or finds nobody there when it asks for the turn, is a matter of the moment.
        Assert.Contains(ended.Attempts[0].Problem?.Code, new[] { ProblemCodes.HostLost, ProblemCodes.HostUnreachable });
        Assert.True(ProcessOf(ended).Resumed);
        await Broker.Replies.WaitAsync(turn);
        await Api.AskAsync(session, "on");
        Assert.Single(Broker.Replies.Of(turn));
    }

    [Fact(Timeout = LongTest)]
    public async Task Every_host_is_killed_between_two_turns_and_the_conversation_is_resumed()
    {
        var session = NewId("hosts");
        await Api.AskAsync(session, "remember colour=grey");
        foreach (var host in Endpoints.Hosts)
        {
            BrokerSystem.Kill(host.Pid);
        }

        var turn = await Api.AskAsync(session, "recall colour");

        // A host that dies as soon as it has answered has not kept the transcript yet: then the next process is told.
        Assert.Equal("[2] grey", turn.Reply?.Text);
        Assert.True(ProcessOf(turn).Resumed || turn.Reply?.Notices is [var notice] && notice.StartsWith("Claude was told of earlier messages", StringComparison.Ordinal));
    }

    [Fact(Timeout = LongTest)]
    public async Task Claude_is_killed_in_the_middle_of_a_turn_and_the_turn_is_answered()
    {
        var session = NewId("claude");
        var first = await Api.AskAsync(session, "remember claude-colour=pink");
        var turn = await StartSlowTurnAsync(session, "recall claude-colour", Once);

        BrokerSystem.Kill(ProcessOf(first).Pid);

        var ended = await WaitForEndAsync(session, turn);
        Assert.Equal("pink", ended.Reply?.Text.Split(' ')[^1]);
        Assert.True(ProcessOf(ended).Resumed);
        Assert.NotEqual(ProcessOf(first).Pid, ProcessOf(ended).Pid);
    }

    private async Task<string> FindHostAsync(string session, string turn) =>
        (await Api.FindTurnAsync(session, turn))!.Attempts[^1].HostId;
}
