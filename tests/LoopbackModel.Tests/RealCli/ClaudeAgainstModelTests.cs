using System.Text.Json;
using FunctionsBroker.LoopbackModel.Conversations;
using FunctionsBroker.LoopbackModel.Requests;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.LoopbackModel.Tests.RealCli;

[Trait("Category", "EndToEnd")]
public sealed class ClaudeAgainstModelTests : IAsyncLifetime
{
    private const int TimeoutMs = 60_000;

    private readonly TempDirectory _home = new();
    private LoopbackModelServer _model = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        _home.Dispose();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task One_turn_is_answered_with_its_number_and_text()
    {
        await using var claude = ClaudeProcess.Start(_model, _home);

        var result = await claude.AskAsync("blue whale", Cancellation);

        Assert.Equal("[1] blue whale", TextOf(result));
        var request = Assert.Single(_model.Requests);
        Assert.Equal(RequestKind.Turn, request.Kind);
        Assert.Equal(RequestOutcome.Answered, request.Outcome);
        Assert.Equal(result.GetProperty("session_id").GetString(), request.Conversation);
        Assert.True(request.Stream);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Three_turns_of_one_process_are_remembered_and_cost_more_each_time()
    {
        await using var claude = ClaudeProcess.Start(_model, _home);

        var first = await claude.AskAsync("blue whale", Cancellation);
        var second = await claude.AskAsync("remember colour=teal", Cancellation);
        var third = await claude.AskAsync("what did I say two turns ago?", Cancellation);

        Assert.Equal(["[1] blue whale", "[2] remembered colour", "[3] blue whale"], [TextOf(first), TextOf(second), TextOf(third)]);
        Assert.Equal(3, _model.Requests.Count);
        Assert.Equal(0, Cached(first));
        Assert.True(Cached(second) > 1000);
        Assert.True(Cached(third) > Cached(second));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_resumed_conversation_is_remembered_by_a_new_process()
    {
        string session;
        await using (var claude = ClaudeProcess.Start(_model, _home))
        {
            session = (await claude.AskAsync("remember colour=teal", Cancellation)).GetProperty("session_id").GetString()!;
        }

        await using var resumed = ClaudeProcess.Start(_model, _home, "--resume", session);

        Assert.Equal("[2] teal", TextOf(await resumed.AskAsync("recall colour", Cancellation)));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_tool_is_called_and_its_result_quoted()
    {
        await using var claude = ClaudeProcess.Start(_model, _home, "--allowedTools", "Bash");

        var result = await claude.AskAsync("""call tool Bash {"command":"echo out-of-the-shell"}""", Cancellation);

        Assert.Equal("[1] tool Bash said: out-of-the-shell", TextOf(result));
        Assert.Equal([1, 2], _model.Requests.Select(request => request.Attempt));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Two_overloads_are_retried_to_success()
    {
        await using var claude = ClaudeProcess.Start(_model, _home);

        var result = await claude.AskAsync("persist {{model: status=529 times=2}}", Cancellation);

        Assert.Equal("[1] persist", TextOf(result));
        Assert.Equal([529, 529, 200], _model.Requests.Select(request => request.Status ?? 0));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_lasting_error_fails_the_turn_and_not_the_process()
    {
        await using var claude = ClaudeProcess.Start(_model, _home);

        var failed = await claude.AskAsync("too long {{model: status=400}}", Cancellation);
        var next = await claude.AskAsync("next", Cancellation);

        Assert.True(failed.GetProperty("is_error").GetBoolean());
        Assert.Equal("[2] next", TextOf(next));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_stream_dropped_in_the_middle_is_asked_for_again()
    {
        await using var claude = ClaudeProcess.Start(_model, _home);

        var result = await claude.AskAsync("repeat 50 words {{model: chunk=20 drop=midStream times=1}}", Cancellation);

        Assert.EndsWith("word50", TextOf(result), StringComparison.Ordinal);
        Assert.Equal([RequestOutcome.Dropped, RequestOutcome.Answered], _model.Requests.Select(request => request.Outcome!.Value));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task An_answer_cut_at_the_token_limit_is_continued_in_the_same_turn()
    {
        await using var claude = ClaudeProcess.Start(_model, _home);

        await claude.AskAsync("repeat 10 words {{model: stop=maxTokens times=1}}", Cancellation);
        var next = await claude.AskAsync("next", Cancellation);

        Assert.Equal("[2] next", TextOf(next));
        Assert.Equal([1, 1, 2], _model.Requests.Select(request => request.Turns));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_compacted_conversation_keeps_its_turns()
    {
        await using var claude = ClaudeProcess.Start(_model, _home, "--tools", "");
        await claude.AskAsync("blue whale", Cancellation);
        await claude.AskAsync("remember colour=teal", Cancellation);
        await claude.AskAsync("/compact", Cancellation);

        var result = await claude.AskAsync("what did I say two turns ago?", Cancellation);

        Assert.Equal("[3] blue whale", TextOf(result));
        Assert.Contains(_model.Requests, request => request.Kind == RequestKind.Compaction);
    }

    private static string TextOf(JsonElement result) => result.GetProperty("result").GetString()!;

    private static long Cached(JsonElement result) => result.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt64();
}
