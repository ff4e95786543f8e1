using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

public sealed class IdempotencyTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Fact(Timeout = LongTest)]
    public async Task The_same_key_twenty_times_at_once_is_one_run_and_one_reply()
    {
        var session = NewId("same");
        var prompt = $"only once {session}";

        var turns = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Api.AskAsync(session, prompt, "the-key-" + session, QueueNames.Replies)));

        Assert.All(turns, turn => Assert.Equal($"[1] {prompt}", turn.Reply?.Text));
        Assert.Single(turns.Select(turn => turn.Attempts[0].StartedAt).Distinct());
        Assert.Single(Broker.Model.Requests, request => request.Prompt == prompt);

        // The next turn's reply comes after any second one that the first could have had.
        await Api.AskAsync(session, "next", "next-" + session, QueueNames.Replies);
        await Broker.Replies.WaitAsync("next-" + session);
        Assert.Single(Broker.Replies.Of("the-key-" + session));
    }

    [Fact(Timeout = LongTest)]
    public async Task The_same_key_later_gives_the_same_turn()
    {
        var session = NewId("later");
        var first = await Api.AskAsync(session, "hello", "key");

        var second = await Api.AskAsync(session, "hello", "key");

        Assert.Equal(first.Timings.FinishedAt, second.Timings.FinishedAt);
        Assert.Equal("[2] and", (await Api.AskAsync(session, "and")).Reply?.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var session = NewId("other");
        await Api.AskAsync(session, "hello", "key");

        using var response = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = "something else" }, "key");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(ProblemCodes.IdempotencyConflict, (await BrokerApi.ReadProblemAsync(response)).Code);
    }

    [Fact(Timeout = LongTest)]
    public async Task The_same_message_twice_is_one_run_and_one_reply()
    {
        var session = NewId("twice");
        var message = new TurnMessage { TurnId = session, SessionId = session, Prompt = $"by queue {session}" };

        await Task.WhenAll(SendAsync(message), SendAsync(message));
        await Broker.Replies.WaitAsync(session);
        var after = message with { TurnId = NewId("after"), Prompt = "after" };
        await SendAsync(after);
        var reply = await Broker.Replies.WaitAsync(after.TurnId!);

        Assert.Equal("[2] after", reply.Text);
        Assert.Single(Broker.Replies.Of(session));
        Assert.Single(Broker.Model.Requests, request => request.Prompt == message.Prompt);
    }
}
