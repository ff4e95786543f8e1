using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

public sealed class FailureTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_the_model_refuses_fails_once_and_the_session_goes_on()
    {
        var session = NewId("refused");
        await Api.AskAsync(session, "remember colour=white");

        var failed = await Api.AskAsync(session, "hello {{model: status=401}}", session, QueueNames.Replies);

        Assert.Equal(TurnStatus.Failed, failed.Status);
        Assert.Equal(ProblemCodes.ModelAuthentication, failed.Problem?.Code);
        Assert.Null(failed.Reply);
        Assert.Equal(AttemptOutcome.Failed, Assert.Single(failed.Attempts).Outcome);
        Assert.Equal(ProblemCodes.ModelAuthentication, (await Broker.Replies.WaitAsync(session)).Problem?.Code);
        Assert.EndsWith(" white", (await Api.AskAsync(session, "recall colour")).Reply?.Text, StringComparison.Ordinal);
        Assert.Single(Broker.Replies.Of(session));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_the_model_fails_for_a_while_is_tried_again()
    {
        var session = NewId("overloaded");

        // Eight refusals in all: more than the CLI and the host try again within one attempt.
        Broker.Model.SetDefaults("status=529 times=8");
        var turn = await Api.AskAsync(session, "hello");
        Broker.Model.SetDefaults(string.Empty);

        Assert.Equal(TurnStatus.Completed, turn.Status);
        Assert.EndsWith(" hello", turn.Reply?.Text, StringComparison.Ordinal);
        Assert.True(turn.Attempts.Count > 1);
        Assert.All(turn.Attempts.SkipLast(1), attempt => Assert.Equal(ProblemCodes.ModelOverloaded, attempt.Problem?.Code));
        Assert.All(turn.Attempts[0].Tries, trying => Assert.Equal(ProblemCodes.ModelOverloaded, trying.Problem?.Code));
        Assert.True(turn.Attempts[0].Tries.Count > 1);
    }
}
