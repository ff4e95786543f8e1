using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

public sealed class ConversationTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Fact(Timeout = LongTest)]
    public async Task Three_sessions_over_HTTP_remember_and_keep_their_process()
    {
        string[] sessions = [NewId("http"), NewId("http"), NewId("http")];

        var conversations = await Task.WhenAll(sessions.Select(ConverseAsync));

        Assert.Equal(3, conversations.Select(turns => (ProcessOf(turns[0]).Pid, turns[0].Attempts[0].HostId)).Distinct().Count());
    }

    [Fact(Timeout = LongTest)]
    public async Task Three_sessions_over_the_queues_remember_and_keep_their_process()
    {
        string[] sessions = [NewId("queue"), NewId("queue"), NewId("queue")];

        var conversations = await Task.WhenAll(sessions.Select(ConverseByQueueAsync));

        Assert.Equal(3, conversations.Select(replies => (ProcessOf(replies[0].Attempts).Pid, replies[0].Attempts[0].HostId)).Distinct().Count());
    }

    [Fact(Timeout = LongTest)]
    public async Task Turns_sent_at_once_are_answered_in_their_order()
    {
        var session = NewId("order");
        for (var number = 1; number <= 5; number++)
        {
            using var accepted = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = $"number {number}" }, $"turn-{number}");
        }

        var turns = new List<TurnResource>();
        for (var number = 1; number <= 5; number++)
        {
            turns.Add(await WaitForEndAsync(session, $"turn-{number}"));
        }

        Assert.Equal([.. Enumerable.Range(1, 5).Select(number => $"[{number}] number {number}")], turns.Select(turn => turn.Reply?.Text));
    }

    [Fact(Timeout = LongTest)]
    public async Task What_a_turn_began_in_the_background_is_a_turn_with_a_reply_of_its_own()
    {
        var (session, turn) = (NewId("background"), NewId("turn"));
        await SendAsync(new TurnMessage
        {
            TurnId = turn,
            SessionId = session,
            Profile = BrokerFixture.WorkingProfile,
            Prompt = """call tool Bash {"command":"sleep 1","description":"x","run_in_background":true}""",
            Metadata = System.Text.Json.JsonElement.Parse("\"here\""),
        });

        var reply = await Broker.Replies.WaitForBackgroundAsync(turn);
        var listed = await Api.FindTurnAsync(session, reply.TurnId!);
        var next = await Api.AskAsync(session, "hello");

        Assert.Equal((TurnStatus.Completed, TurnOrigin.Background, "here"), (reply.Status, reply.Origin, reply.Metadata?.GetString()));
        Assert.Equal((TurnOrigin.Background, turn, reply.Text), (listed?.Origin, listed?.BegunBy, listed?.Reply?.Text));
        Assert.Equal("[2] hello", next.Reply?.Text);
        Assert.Single(Broker.Replies.Of(reply.TurnId!));
        Assert.Single(Broker.Replies.Of(turn));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_can_be_read_after_its_end_with_usage_timings_and_metadata()
    {
        var session = NewId("read");
        var turn = await Api.AskAsync(session, "hello");

        var read = await Api.FindTurnAsync(session, turn.TurnId);

        Assert.Equal(TurnStatus.Completed, read?.Status);
        Assert.Equal("[1] hello", read?.Reply?.Text);
        Assert.Equal("stream-json", read?.Reply?.Transport);
        Assert.True(read?.Reply?.Usage.OutputTokens > 0);
        Assert.True(read?.Timings.FinishedAt > read?.Timings.CreatedAt);
    }

    [Fact(Timeout = LongTest)]
    public async Task Inject_answers_with_the_reply()
    {
        var session = NewId("inject");

        using var response = await Api.PostRawAsync("/api/inject", $$"""{"session_id":"{{session}}","prompt":"hello"}""");

        Assert.Equal("[1] hello", (await BrokerApi.ReadTurnAsync(response)).Reply?.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_reply_over_one_message_says_where_it_is()
    {
        var session = NewId("long");
        await SendAsync(new TurnMessage { TurnId = session, SessionId = session, Prompt = "repeat 12000 words" });

        var reply = await Broker.Replies.WaitAsync(session);
        using var whole = await Api.GetAsync(reply.TextLocation!);

        Assert.Null(reply.Text);
        Assert.EndsWith("word12000", (await BrokerApi.ReadTurnAsync(whole)).Reply?.Text, StringComparison.Ordinal);
    }

    private async Task<List<TurnResource>> ConverseAsync(string session)
    {
        List<TurnResource> turns =
        [
            await Api.AskAsync(session, $"my name is {session}"),
            await Api.AskAsync(session, "remember colour=green"),
            await Api.AskAsync(session, "what did I say two turns ago?"),
            await Api.AskAsync(session, "recall colour"),
            await Api.AskAsync(session, "goodbye"),
        ];
        Assert.Equal(
            [$"[1] my name is {session}", "[2] remembered colour", $"[3] my name is {session}", "[4] green", "[5] goodbye"],
            turns.Select(turn => turn.Reply?.Text));
        AssertOneProcess([.. turns.Select(ProcessOf)]);
        return turns;
    }

    private async Task<List<ReplyMessage>> ConverseByQueueAsync(string session)
    {
        string[] prompts = ["remember colour=" + session, "one", "two", "what did I say two turns ago?", "recall colour"];
        List<ReplyMessage> replies = [];
        foreach (var prompt in prompts)
        {
            var turn = NewId("turn");
            await SendAsync(new TurnMessage { TurnId = turn, SessionId = session, Prompt = prompt, Metadata = System.Text.Json.JsonElement.Parse($"\"{turn}\"") });
            var reply = await Broker.Replies.WaitAsync(turn);
            Assert.Equal(turn, reply.Metadata?.GetString());
            replies.Add(reply);
        }

        Assert.Equal(["[1] remembered colour", "[2] one", "[3] two", "[4] one", $"[5] {session}"], replies.Select(reply => reply.Text));
        Assert.All(replies, reply => Assert.Single(Broker.Replies.Of(reply.TurnId!)));
        AssertOneProcess([.. replies.Select(reply => ProcessOf(reply.Attempts))]);
        return replies;
    }

    private static void AssertOneProcess(List<TurnProcess> processes)
    {
        Assert.Single(processes.Select(process => (process.Pid, process.StartedAt)).Distinct());
        Assert.Equal([1, 2, 3, 4, 5], processes.Select(process => process.Turn));
    }
}
