using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>Keys that open the sessions of one caller only.</summary>
public sealed class CallerTests(CallerFront running) : RunningFrontTest(running), IClassFixture<CallerFront>
{
    private string Own => $"{CallerFront.AcmePrefix}{Session}";

    private string OwnPath => $"/api/sessions/{Uri.EscapeDataString(Own)}";

    [Fact(Timeout = Patience)]
    public async Task A_key_with_a_prefix_opens_its_own_sessions_only()
    {
        await using var front = await StartAsync(hosts: 0);
        await front.ConfigureAsync(Session, new PutSessionRequest { Title = "not acme's" });
        var own = new PutSessionRequest { Title = "acme's" };

        using var put = await SendAsync(front, HttpMethod.Put, OwnPath, CallerFront.Acme, JsonContent.Create(own, ContractsJsonContext.Default.PutSessionRequest));
        using var seen = await SendAsync(front, HttpMethod.Get, OwnPath, CallerFront.Acme);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (put.StatusCode, seen.StatusCode));

        // Whether a session is there or not, and in whatever way its id is written.
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, $"/api/sessions/{Session}"),
            (HttpMethod.Put, $"/api/sessions/{Session}"),
            (HttpMethod.Delete, $"/api/sessions/{Session}"),
            (HttpMethod.Post, $"/api/sessions/{Session}/turns"),
            (HttpMethod.Post, $"/api/sessions/{Session}/clear"),
            (HttpMethod.Get, $"/api/sessions/{Session}/turns"),
            (HttpMethod.Get, $"/api/sessions/{Session}/turns/t/events"),
            (HttpMethod.Post, $"/api/sessions/{Session}/permissions/abc"),
            (HttpMethod.Get, "/api/sessions/never"),
            (HttpMethod.Get, "/API/Sessions/never"),
            (HttpMethod.Get, "/api/sessions/ACME%2Fx"),
            (HttpMethod.Get, "/api/sessions/acme"),
            (HttpMethod.Get, "/api/sessions/%20acme%2Fx"),
            (HttpMethod.Get, "/api/hosts"),
            (HttpMethod.Get, "/api/usage"),
        })
        {
            using var refused = await SendAsync(front, method, path, CallerFront.Acme, method == HttpMethod.Get || method == HttpMethod.Delete ? null : JsonContent.Create(new JsonObject { ["prompt"] = "hi" }));
            var problem = await RunningFront.ReadProblemAsync(refused);
            Assert.True(
                problem is { Code: ProblemCodes.NotAllowed, Status: 403 } || (path.Contains("%20", StringComparison.Ordinal) && problem.Code == ProblemCodes.InvalidSessionId),
                $"{method} {path}: {problem}");
        }

        using var inject = await SendAsync(front, HttpMethod.Post, "/api/inject", CallerFront.Acme, JsonContent.Create(new JsonObject { ["session_id"] = Session, ["prompt"] = "hi" }));
        Assert.Equal(ProblemCodes.NotAllowed, (await RunningFront.ReadProblemAsync(inject)).Code);
        Assert.Empty((await front.ReadAsync($"/api/sessions/{Session}/turns", ContractsJsonContext.Default.TurnPage)).Turns);
    }

    [Fact(Timeout = Patience)]
    public async Task A_key_with_a_prefix_lists_its_own_sessions()
    {
        await using var front = await StartAsync(hosts: 0);
        string[] ids = [Session, Own, Own + "/b", $"acme-{Session}", $"acme{Session}", $"ACME/{Session}"];
        foreach (var id in ids)
        {
            await front.ConfigureAsync(Uri.EscapeDataString(id), new PutSessionRequest { Tags = [Session] });
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await ListAsync(front, CallerFront.Operator)).Order(StringComparer.Ordinal));
        Assert.Equal([Own, Own + "/b"], (await ListAsync(front, CallerFront.Acme)).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = Patience)]
    public async Task A_key_that_is_no_callers_opens_nothing()
    {
        await using var front = await StartAsync(hosts: 0);

        foreach (var path in (string[])["/api/sessions", "/api/hosts", OwnPath, $"/api/sessions?code={CallerFront.Operator}"])
        {
            using var refused = await SendAsync(front, HttpMethod.Get, path, CallerFront.Unknown);
            Assert.Equal((HttpStatusCode.Forbidden, ProblemCodes.UnknownCaller), (refused.StatusCode, (await RunningFront.ReadProblemAsync(refused)).Code));
        }

        using var health = await SendAsync(front, HttpMethod.Get, "/api/health", CallerFront.Unknown);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact(Timeout = Patience)]
    public async Task A_caller_has_no_more_turns_open_than_it_may()
    {
        await using var front = await StartAsync();
        foreach (var number in (int[])[1, 2])
        {
            using var taken = await SubmitAsync(front, $"{Own}-{number}", CallerFront.Acme, "hold");
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        using var refused = await SubmitAsync(front, $"{Own}-3", CallerFront.Acme, "say three");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(ProblemCodes.TooManyTurns, (await RunningFront.ReadProblemAsync(refused)).Code);
        using var repeated = await SubmitAsync(front, $"{Own}-1", CallerFront.Acme, "hold");
        using var other = await SubmitAsync(front, Session, CallerFront.Operator, "say other");
        Assert.True(repeated.IsSuccessStatusCode && other.IsSuccessStatusCode);

        foreach (var number in (int[])[1, 2])
        {
            using var cancelled = await SendAsync(front, HttpMethod.Post, $"/api/sessions/{Uri.EscapeDataString($"{Own}-{number}")}/turns/{Uri.EscapeDataString($"{Own}-{number}")}/cancel?wait=100", CallerFront.Acme);
            Assert.Equal(TurnStatus.Cancelled, (await RunningFront.ReadTurnAsync(cancelled)).Status);
        }

        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var taken = await SubmitAsync(front, $"{Own}-3", CallerFront.Acme, "say three");
                return taken.IsSuccessStatusCode;
            },
            Cancellation);
    }

    [Theory(Timeout = Patience)]
    [InlineData("x-session-id", "other", null, ProblemCodes.NotAllowed)]
    [InlineData("x-other", "", "bob", null)]
    [InlineData("x-other", "", null, null)]
    public async Task A_chat_key_with_a_prefix_talks_to_its_own_sessions(string header, string session, string? user, string? problem)
    {
        await using var front = await StartAsync(hosts: 0);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new JsonObject
            {
                ["model"] = "default",
                ["user"] = user is null ? null : user + Session,
                ["stream"] = true,
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"hi {Session}" }),
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CallerFront.AcmeChat);
        request.Headers.Add(header, session);

        using var response = await front.SendAsync(request, until: HttpCompletionOption.ResponseHeadersRead);

        if (problem is not null)
        {
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains(problem, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            return;
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var told = Assert.Single(response.Headers.GetValues("x-session-id"));
        Assert.StartsWith(user is null ? $"{CallerFront.AcmePrefix}chat-" : $"{CallerFront.AcmePrefix}{user}{Session}", told, StringComparison.Ordinal);
        var turn = Assert.Single(response.Headers.GetValues("x-turn-id"));
        using var cancelled = await front.CancelAsync(Uri.EscapeDataString(told), Uri.EscapeDataString(turn), waitSeconds: 100);
        Assert.Equal(TurnStatus.Cancelled, (await RunningFront.ReadTurnAsync(cancelled)).Status);
    }

    private async Task<IReadOnlyList<string>> ListAsync(RunningFront front, string key)
    {
        List<string> sessions = [];
        for (string? next = string.Empty; next is not null;)
        {
            using var answer = await SendAsync(front, HttpMethod.Get, $"/api/sessions?limit=1&tag={Session}&after={Uri.EscapeDataString(next)}", key);
            var page = (await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.SessionPage, Cancellation))!;
            sessions.AddRange(page.Sessions.Select(session => session.SessionId));
            next = page.Next;
        }

        return sessions;
    }

    private static async Task<HttpResponseMessage> SubmitAsync(RunningFront front, string session, string key, string prompt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{Uri.EscapeDataString(session)}/turns");
        request.Headers.Add("x-functions-key", key);
        request.Headers.Add("Idempotency-Key", session);
        request.Content = JsonContent.Create(new SubmitTurnRequest { Prompt = prompt }, ContractsJsonContext.Default.SubmitTurnRequest);
        return await front.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningFront front, HttpMethod method, string path, string key, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("x-functions-key", key);
        return await front.SendAsync(request);
    }
}
