using System.Net;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.EndToEnd;

public sealed class EventTests(BrokerFixture broker) : EndToEndTest(broker)
{
    private const string Slow = "repeat 400 words {{model: chunk=8 chunkDelay=50ms}}";

    [Fact(Timeout = LongTest)]
    public async Task A_turn_is_heard_while_it_is_said()
    {
        var session = NewId("heard");
        var turn = await SubmitAsync(session, Slow);
        await using var listener = new EventListener(Api, session, turn);

        await listener.UntilAsync<TurnEvent.Delta>();
        var meanwhile = await Api.FindTurnAsync(session, turn);
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal(TurnStatus.Running, meanwhile?.Status);
        Assert.Equal("accepted started delta completed", listener.Course);
        Assert.InRange(listener.Heard.OfType<TurnEvent.Delta>().Count(), 5, 1000);
        Assert.Equal(completed.Reply.Text, listener.Text);
        Assert.Equal(completed.Reply.Text, (await Api.FindTurnAsync(session, turn))?.Reply?.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_waits_tells_its_place()
    {
        var session = NewId("waits");
        var first = await SubmitAsync(session, "first {{model: delay=100s}}");
        var turn = await SubmitAsync(session, "and then?");
        await using var listener = new EventListener(Api, session, turn);

        await listener.UntilAsync<TurnEvent.Queued>();
        await Api.CancelAsync(session, first);
        await listener.EndAsync();

        Assert.Equal(1, listener.Heard.OfType<TurnEvent.Queued>().Last().Position);
        Assert.Equal("accepted queued started delta completed", listener.Course);
    }

    [Fact(Timeout = LongTest)]
    public async Task The_front_is_killed_and_the_listener_goes_on_where_it_was()
    {
        var session = NewId("front");
        var turn = await SubmitAsync(session, Slow);
        await using var listener = new EventListener(Api, session, turn);
        await listener.UntilAsync<TurnEvent.Delta>();

        BrokerSystem.Kill(Endpoints.Front.Pid);

        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());
        Assert.InRange(listener.Connections, 2, 1000);
        Assert.Equal("accepted started delta completed", listener.Course);
        Assert.Equal(completed.Reply.Text, listener.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task The_host_is_killed_and_the_listener_is_told_to_begin_anew()
    {
        var session = NewId("host");
        var turn = await SubmitAsync(session, Slow);
        await using var listener = new EventListener(Api, session, turn);
        await listener.UntilAsync<TurnEvent.Delta>();
        var hostId = (await Api.FindTurnAsync(session, turn))!.Attempts[^1].HostId;

        BrokerSystem.Kill(Endpoints.Hosts.Single(host => host.Id == hostId).Pid);

        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());
        Assert.Equal("accepted started delta reset started delta completed", listener.Course);
        Assert.Equal(completed.Reply.Text, listener.Text);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_has_ended_is_told_whole_and_then_no_more()
    {
        var session = NewId("ended");
        var ended = await Api.AskAsync(session, "hello");
        await using var listener = new EventListener(Api, session, ended.TurnId);

        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());
        using var again = await Api.ListenAsync(session, ended.TurnId, listener.LastId);

        Assert.Equal(ended.Reply?.Text, completed.Reply.Text);
        Assert.Equal(ended.Reply?.Text, listener.Text);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_is_not_there_has_no_events()
    {
        using var response = await Api.ListenAsync(NewId("nobody"), "nothing");

        Assert.Equal(ProblemCodes.TurnNotFound, (await BrokerApi.ReadProblemAsync(response)).Code);
    }

    [Theory(Timeout = LongTest)]
    [InlineData("""{"decision":"allow"}""", "allowed", "File created successfully")]
    [InlineData("""{"decision":"deny","message":"not on a Friday"}""", "denied", "not on a Friday")]
    public async Task A_tools_question_is_decided_at_the_front(string decision, string state, string said)
    {
        var session = NewId("asks");
        var turn = await SubmitAsync(session, """call tool Write {"file_path":"note.txt","content":"hello"}""", BrokerFixture.AskingProfile);
        await using var listener = new EventListener(Api, session, turn);
        var asked = await listener.UntilAsync<TurnEvent.Permission>();
        var path = $"/api/sessions/{session}/permissions/{asked.RequestId}";

        using var decided = await Api.PostRawAsync(path, decision);
        using var again = await Api.PostRawAsync(path, decision);
        var completed = Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());

        Assert.Equal("Write", asked.ToolName);
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
        Assert.Equal(ProblemCodes.PermissionSettled, (await BrokerApi.ReadProblemAsync(again)).Code);
        Assert.Equal(state, listener.Heard.OfType<TurnEvent.Permission>().Last().State.ToString().ToLowerInvariant());
        Assert.Contains(said, completed.Reply.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = LongTest)]
    [InlineData("""{"decision":"allow"}""", ProblemCodes.PermissionNotFound)]
    [InlineData("""{"decision":"maybe"}""", ProblemCodes.InvalidJson)]
    [InlineData("{", ProblemCodes.InvalidJson)]
    public async Task A_decision_on_nothing_is_a_problem(string decision, string code)
    {
        var session = NewId("silent");
        await Api.AskAsync(session, "hello");

        using var response = await Api.PostRawAsync($"/api/sessions/{session}/permissions/0123456789abcdef", decision);

        Assert.Equal(code, (await BrokerApi.ReadProblemAsync(response)).Code);
    }

    private async Task<string> SubmitAsync(string session, string prompt, string? profile = null)
    {
        var turn = NewId("turn");
        using var accepted = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = prompt, Profile = profile }, turn);
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync(Cancellation));
        return turn;
    }
}
