using System.Text.Json;

namespace FunctionsBroker.Api.Tests.OpenApi;

/// <summary>Calls that together bring every documented success, and a failure of every call.</summary>
internal sealed class SampleCalls(SampleCalls.Send send)
{
    private readonly string _session = $"openapi:{Guid.NewGuid():N}";

    public delegate Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers);

    /// <summary>A success that takes a turn of more than 230 s.</summary>
    public const string TooSlow = "POST /api/inject 202";

    /// <summary>Calls that are open and take nothing.</summary>
    public static IReadOnlyList<string> CannotFail { get; } = ["GET /api/health", "GET /api/openapi.json"];

    public async IAsyncEnumerable<HttpResponseMessage> MakeAsync()
    {
        yield return await GetAsync("/api/health");
        yield return await GetAsync("/api/openapi.json");
        foreach (var calls in (Func<IAsyncEnumerable<HttpResponseMessage>>[])[TurnsAsync, EventsAsync, CancelAsync, SessionsAsync, PermissionsAsync, OpenAiAsync])
        {
            await foreach (var answer in calls())
            {
                yield return answer;
            }
        }
    }

    private async IAsyncEnumerable<HttpResponseMessage> TurnsAsync()
    {
        var turns = $"/api/sessions/{_session}/turns";
        yield return await PostAsync(turns, """{"prompt":"hello","metadata":{"a":[1]}}""", ("Idempotency-Key", "t1"));
        yield return await PostAsync($"{turns}?wait=60", """{"prompt":"hello","metadata":{"a":[1]}}""", ("Idempotency-Key", "t1"));
        yield return await PostAsync($"{turns}?wait=60", """{"prompt":"hello {{model: status=401}}"}""");
        yield return await PostAsync(turns, "{}");
        yield return await GetAsync($"{turns}/t1");
        yield return await GetAsync($"{turns}/none");
        foreach (var command in (string[])["clear", "compact"])
        {
            var call = $"/api/sessions/{_session}/{command}";
            yield return await PostAsync(call, string.Empty, ("Idempotency-Key", command));
            yield return await PostAsync($"{call}?wait=60", string.Empty, ("Idempotency-Key", command));
            yield return await PostAsync(call, string.Empty, ("Idempotency-Key", " "));
        }

        yield return await PostAsync("/api/inject", $$"""{"session_id":"{{_session}}","prompt":"hello"}""");
        yield return await PostAsync("/api/inject", "{}");
    }

    private async IAsyncEnumerable<HttpResponseMessage> EventsAsync()
    {
        var events = $"/api/sessions/{_session}/turns/t1/events";
        yield return await GetAsync(events);
        yield return await GetAsync(events, ("Last-Event-ID", "end"));
        yield return await GetAsync($"/api/sessions/{_session}/turns/none/events");
    }

    private async IAsyncEnumerable<HttpResponseMessage> CancelAsync()
    {
        var turns = $"/api/sessions/{_session}-long/turns";
        using var submitted = await PostAsync(turns, """{"prompt":"hello {{model: delay=60s}}"}""", ("Idempotency-Key", "long"));
        yield return await PostAsync($"{turns}/long/cancel", string.Empty);
        yield return await PostAsync($"{turns}/long/cancel?wait=60", string.Empty);
        yield return await PostAsync($"{turns}/none/cancel", string.Empty);
    }

    private async IAsyncEnumerable<HttpResponseMessage> SessionsAsync()
    {
        var session = $"/api/sessions/{_session}-own";
        yield return await send(HttpMethod.Put, session, """{"title":"Own","tags":["a","b"],"ttlSeconds":3600,"budgetUsd":5}""");
        yield return await send(HttpMethod.Put, session, """{"title":"Own"}""");
        yield return await send(HttpMethod.Put, session, """{"ttlSeconds":-1}""");
        yield return await PostAsync($"{session}/turns?wait=60", """{"prompt":"hello"}""");
        yield return await GetAsync(session);
        yield return await GetAsync($"/api/sessions/{_session}-none");
        yield return await GetAsync($"{session}/turns?include=prompt");
        yield return await GetAsync($"{session}/turns?limit=none");
        yield return await GetAsync("/api/sessions?limit=5");
        yield return await GetAsync("/api/sessions?limit=none");
        yield return await GetAsync("/api/hosts");
        yield return await GetAsync("/api/hosts", ("x-functions-key", "wrong"));
        yield return await GetAsync("/api/usage");
        yield return await GetAsync("/api/usage?from=never");
        yield return await send(HttpMethod.Delete, session, null);
        yield return await send(HttpMethod.Delete, $"/api/sessions/{_session}?wait=60", null);
        yield return await send(HttpMethod.Delete, $"/api/sessions/{_session}-none", null);
    }

    private async IAsyncEnumerable<HttpResponseMessage> PermissionsAsync()
    {
        var turns = $"/api/sessions/{_session}-asks/turns";
        using var submitted = await PostAsync(turns, $$"""{"profile":"{{ApiFixture.RelayProfile}}","prompt":"call tool Bash {\"command\":\"touch x\"}"}""", ("Idempotency-Key", "asks"));
        using var events = await GetAsync($"{turns}/asks/events");
        var question = await QuestionInAsync(events);
        yield return await PostAsync($"/api/sessions/{_session}-asks/permissions/{question}", """{"decision":"deny"}""");
        yield return await PostAsync($"/api/sessions/{_session}-asks/permissions/{question}", """{"decision":"allow"}""");
    }

    private async IAsyncEnumerable<HttpResponseMessage> OpenAiAsync()
    {
        const string Chat = "/v1/chat/completions";
        yield return await PostAsync(Chat, """{"model":"default","messages":[{"role":"user","content":"hello"}]}""");
        yield return await PostAsync(Chat, """{"model":"default","stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        yield return await PostAsync(Chat, """{"model":"none","messages":[{"role":"user","content":"hello"}]}""");
        yield return await GetAsync("/v1/models");
        yield return await GetAsync("/v1/models", ("Authorization", "Bearer wrong"));
        yield return await GetAsync("/v1/models/default");
        yield return await GetAsync("/v1/models/none");
    }

    private static async Task<string> QuestionInAsync(HttpResponseMessage events)
    {
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonElement.Parse(line[6..]).TryGetProperty("requestId", out var id))
            {
                return id.GetString()!;
            }
        }

        throw new InvalidOperationException("The turn ended without a question.");
    }

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => send(HttpMethod.Get, path, null, headers);

    private Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers) => send(HttpMethod.Post, path, body, headers);
}
