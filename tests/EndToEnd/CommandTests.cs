using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

/// <summary>Clear and compact, by all the ways in.</summary>
public sealed class CommandTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Fact(Timeout = LongTest)]
    public async Task A_session_is_cleared_and_compacted_by_calls()
    {
        var session = NewId("commands");
        await Api.AskAsync(session, "remember colour=teal");

        var compacted = await CallAsync(session, "compact");
        var known = await Api.AskAsync(session, "recall colour");
        var cleared = await CallAsync(session, "clear");
        var forgotten = await Api.AskAsync(session, "recall colour");

        Assert.Equal((TurnStatus.Completed, ConversationCommand.Compact), (compacted.Status, compacted.Command));
        Assert.EndsWith("teal", known.Reply?.Text, StringComparison.Ordinal);
        Assert.Equal((TurnStatus.Completed, ConversationCommand.Clear), (cleared.Status, cleared.Command));
        Assert.Equal("[1] nothing is known of colour", forgotten.Reply?.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_clear_takes_its_place_among_the_turns_that_wait()
    {
        var session = NewId("commands");
        var slow = await StartSlowTurnAsync(session, "remember colour=teal", "2s");
        await SubmitAsync(session, "before", new SubmitTurnRequest { Prompt = "recall colour" });
        await SubmitAsync(session, "clear", new SubmitTurnRequest { Command = "clear" });
        await SubmitAsync(session, "after", new SubmitTurnRequest { Prompt = "recall colour" });

        var turns = await Task.WhenAll(new[] { slow, "before", "clear", "after" }.Select(turn => WaitForEndAsync(session, turn)));

        Assert.Equal(
            ["[1] remembered colour", "[2] teal", string.Empty, "[1] nothing is known of colour"],
            turns.Select(turn => turn.Reply?.Text));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_message_of_the_queue_clears_too()
    {
        var session = NewId("commands");
        await Api.AskAsync(session, "remember colour=teal");
        await SendAsync(new TurnMessage { TurnId = $"{session}:clear", SessionId = session, Command = "clear" });
        var cleared = await Broker.Replies.WaitAsync($"{session}:clear");

        await SendAsync(new TurnMessage { TurnId = $"{session}:next", SessionId = session, Command = "clear", Prompt = "recall colour" });
        var next = await Broker.Replies.WaitAsync($"{session}:next");

        Assert.Equal((TurnStatus.Completed, string.Empty), (cleared.Status, cleared.Text));
        Assert.Equal("[1] nothing is known of colour", next.Text);
    }

    private async Task<TurnResource> CallAsync(string session, string command)
    {
        using var response = await Api.PostRawAsync($"/api/sessions/{session}/{command}?wait=200", string.Empty);
        return await BrokerApi.ReadTurnAsync(response);
    }

    private async Task SubmitAsync(string session, string turn, SubmitTurnRequest request)
    {
        using var accepted = await Api.SubmitAsync(session, request, turn);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);
    }
}
