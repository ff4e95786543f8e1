using System.Text.Json;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Api.Tests.OpenAi;

/// <summary>Callers who do not wait for their answer.</summary>
public sealed class ChatLeavingTests(ApiFixture fixture) : ChatTest(fixture)
{
    [Fact(Timeout = LongTest)]
    public async Task A_caller_who_leaves_cancels_his_turn()
    {
        var session = NewId("leaving");
        await LeaveAsync($"{session} {{{{model: delay=100s}}}}", session);

        Assert.Equal(TurnStatus.Cancelled, (await OnlyTurnAsync(session, turn => turn.Status.IsTerminal())).Status);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_caller_who_asks_the_same_again_joins_his_turn()
    {
        var session = NewId("joining");
        var prompt = $"{session} {{{{model: delay=20s}}}}";
        await LeaveAsync(prompt, session);

        var answer = await AskAsync([User(prompt)], ("x-session-id", session));

        var turn = await OnlyTurnAsync(session, turn => turn.Status.IsTerminal());
        Assert.Equal((turn.TurnId, TurnStatus.Completed, $"[1] {session}"), (answer.Turn, turn.Status, answer.Text));
    }

    [Fact(Timeout = LongTest)]
    public async Task Two_who_ask_the_same_at_the_same_time_have_one_turn()
    {
        var prompt = $"{NewId("both")} {{{{model: delay=2s}}}}";

        var answers = await Task.WhenAll(AskAsync([User(prompt)]), AskAsync([User(prompt)]), AskAsync([User(prompt)]));

        Assert.Single(answers.Distinct());
    }

    [Fact(Timeout = LongTest)]
    public async Task The_openai_client_that_gives_up_and_asks_again_has_one_turn()
    {
        var name = NewId("impatient");
        var seen = JsonElement.Parse(await ClientProgram.RunNodeAsync("impatient.mjs", new Dictionary<string, string>
        {
            ["BASE_URL"] = new Uri(Endpoints.Front.Url, "v1").ToString(),
            ["API_KEY"] = Endpoints.Front.OpenAiKey,
            ["PROMPT"] = $"{name} {{{{model: delay=9s}}}}",
        }));

        Assert.Equal($"[1] {name}", seen.GetProperty("text").GetString());
        Assert.Single(Fixture.Model.Requests, request => request.Prompt?.Contains(name, StringComparison.Ordinal) == true);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_caller_who_leaves_a_stream_cancels_its_turn_and_the_next_one_runs()
    {
        var session = NewId("stopping");
        var body = Body([User("repeat 1000 words {{model: chunk=50 chunkDelay=1s}}")], "\"stream\":true,");
        using (var response = await SendAsync(HttpMethod.Post, Path, body, ("x-session-id", session)))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
            while (await reader.ReadLineAsync(Cancellation) is { } line && !line.Contains("word1", StringComparison.Ordinal))
            {
                // Until the model speaks.
            }
        }

        var stopped = await OnlyTurnAsync(session, turn => turn.Status.IsTerminal());
        var next = await AskAsync([User("hello")], ("x-session-id", session));

        Assert.Equal(TurnStatus.Cancelled, stopped.Status);
        Assert.EndsWith("hello", next.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_caller_who_has_named_his_turn_may_leave_it_to_itself()
    {
        var session = NewId("named");
        await LeaveAsync($"{session} {{{{model: delay=15s}}}}", session, ("Idempotency-Key", "mine"));

        Assert.Equal(TurnStatus.Completed, (await OnlyTurnAsync(session, turn => turn.Status.IsTerminal())).Status);
    }

    /// <summary>Asks, and leaves when the turn is there.</summary>
    private async Task LeaveAsync(string prompt, string session, params (string Name, string Value)[] headers)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        request.Headers.Add("x-functions-key", Endpoints.Front.OpenAiKey);
        request.Headers.Add("x-session-id", session);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Content = new StringContent(Body([User(prompt)]), global::System.Text.Encoding.UTF8, "application/json");
        var asking = Fixture.Http.SendAsync(request, leaving.Token);
        await OnlyTurnAsync(session, turn => turn.Status == TurnStatus.Running);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private async Task<TurnResource> OnlyTurnAsync(string session, Func<TurnResource, bool> condition)
    {
        TurnResource? only = null;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var response = await SendAsync(HttpMethod.Get, $"/api/sessions/{session}/turns");
                var page = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(Cancellation), ContractsJsonContext.Default.TurnPage);
                only = page?.Turns is [var turn] ? turn : null;
                return only is not null && condition(only);
            },
            Cancellation,
            TimeSpan.FromMinutes(2));
        return only!;
    }
}
