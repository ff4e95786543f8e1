using System.Net;
using System.Net.Http.Json;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

/// <summary>Ids as platforms send them, through every call and store.</summary>
public sealed class IdTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Theory(Timeout = LongTest)]
    [InlineData("+15551234567")]
    [InlineData("auth0|abc")]
    [InlineData("19:meeting_Zjk@thread.v2;messageid=1481567603816")]
    [InlineData("<CAF=a+b/c#d?e~f!@mail.example.com>")]
    [InlineData("!a\\b & 'c' \"d\" ../100% {x} $(id) `id`")]
    [InlineData("#Grüße 👋 部屋")]
    [InlineData("/")]
    public async Task An_id_of_a_platform_names_a_session_and_a_turn(string id)
    {
        var session = id + Guid.NewGuid().ToString("N");
        using (var taken = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = "remember colour=teal", ReplyTo = QueueNames.Replies }, Header(id), waitSeconds: 200))
        {
            var first = await BrokerApi.ReadTurnAsync(taken);
            Assert.Equal((session, Header(id), "[1] remembered colour"), (first.SessionId, first.TurnId, first.Reply?.Text));
        }

        await SendAsync(new TurnMessage { TurnId = session, SessionId = session, Prompt = "recall colour" });
        var reply = await Broker.Replies.WaitAsync(session);
        Assert.Equal((session, "[2] teal"), (reply.SessionId, reply.Text));

        await using var listener = new EventListener(Api, session, session);
        Assert.IsType<TurnEvent.Completed>(await listener.EndAsync());
        Assert.Equal([session, Header(id)], (await ReadTurnsAsync(session, string.Empty)).Turns.Select(turn => turn.TurnId));
        var page = await ReadTurnsAsync(session, "?limit=1");
        Assert.Equal([Header(id)], (await ReadTurnsAsync(session, $"?before={Uri.EscapeDataString(page.Next!)}")).Turns.Select(turn => turn.TurnId));
        Assert.Contains(session, await ListAsync());

        var slow = await StartSlowTurnAsync(session, "a slow one", "60s");
        Assert.Equal(TurnStatus.Cancelled, (await Api.CancelAsync(session, slow)).Status);

        using var deleted = await Api.SendAsync(HttpMethod.Delete, $"{BrokerApi.PathOf(session)}?wait=200");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.DoesNotContain(session, await ListAsync());
    }

    // A header has ASCII only.
    private static string Header(string id) => new([.. id.Select(character => char.IsAscii(character) ? character : '*')]);

    private async Task<TurnPage> ReadTurnsAsync(string session, string query)
    {
        using var response = await Api.GetAsync($"{BrokerApi.PathOf(session)}/turns{query}");
        return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnPage, Cancellation))!;
    }

    private async Task<IReadOnlyList<string>> ListAsync()
    {
        List<string> sessions = [];
        for (string? next = string.Empty; next is not null;)
        {
            using var response = await Api.GetAsync($"/api/sessions?limit=1&after={Uri.EscapeDataString(next)}");
            var page = (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.SessionPage, Cancellation))!;
            sessions.AddRange(page.Sessions.Select(session => session.SessionId));
            next = page.Next;
        }

        return sessions;
    }
}
