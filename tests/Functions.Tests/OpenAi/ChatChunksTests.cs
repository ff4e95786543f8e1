using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class ChatChunksTests
{
    private static readonly TurnEvent.Completed s_completed = new(new Reply
    {
        Text = "Hello world",
        Transport = "stream-json",
        CostUsd = 0.5m,
        Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2, CacheReadTokens = 3, CacheWriteTokens = 4 },
    });

    [Fact]
    public async Task Tell_AnAnswer_BeginsWithTheRoleAndEndsWithDone()
    {
        var told = await TellAsync(new TurnEvent.Started(DateTimeOffset.UnixEpoch), new TurnEvent.Delta("Hello"), new TurnEvent.Delta(" world"), s_completed);

        Assert.Equal("assistant", DeltaOf(told[0]).GetProperty("role").GetString());
        Assert.Equal(["Hello", " world"], told[1..3].Select(piece => DeltaOf(piece).GetProperty("content").GetString()));
        var end = JsonElement.Parse(told[3]);
        Assert.Equal("stop", end.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(0.5m, end.GetProperty("broker").GetProperty("cost_usd").GetDecimal());
        Assert.Equal("[DONE]", told[4]);
        Assert.Equal(5, told.Count);
        Assert.All(told.SkipLast(1), piece => Assert.Equal("chatcmpl-t", JsonElement.Parse(piece).GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Tell_UsageIsWanted_HasItInAPieceOfItsOwn()
    {
        var told = await TellAsync(withUsage: true, new TurnEvent.Delta("Hello world"), s_completed);

        var piece = JsonElement.Parse(told[^2]);
        Assert.Empty(piece.GetProperty("choices").EnumerateArray());
        var usage = piece.GetProperty("usage");
        Assert.Equal(
            (8, 2, 10, 3),
            (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32(), usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32()));
    }

    [Fact]
    public async Task Tell_AResetThatSaysTheSame_GoesOnWhereItWas()
    {
        var told = await TellAsync(new TurnEvent.Delta("Hello w"), new TurnEvent.Reset("again"), new TurnEvent.Delta("Hello"), new TurnEvent.Delta(" world"), s_completed);

        Assert.Equal("Hello world", string.Concat(told[..^2].Select(piece => DeltaOf(piece).TryGetProperty("content", out var content) ? content.GetString() : null)));
        Assert.Equal("[DONE]", told[^1]);
    }

    [Theory]
    [InlineData("Hullo")]
    [InlineData("Hello")]
    public async Task Tell_AResetThatSaysSomethingElse_EndsWithAnError(string other)
    {
        var told = await TellAsync(new TurnEvent.Delta("Hello world"), new TurnEvent.Reset("again"), new TurnEvent.Delta(other), s_completed);

        var error = JsonElement.Parse(told[^1]).GetProperty("error");
        Assert.Equal(ProblemCodes.ReplyRestarted, error.GetProperty("problem").GetString());
        Assert.Contains("/api/sessions/s/turns/t", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tell_ATurnThatFails_EndsWithItsError()
    {
        var told = await TellAsync(new TurnEvent.Delta("Hel"), new TurnEvent.Failed(AttemptOutcome.Failed, ProblemCatalogue.ModelRateLimited("Wait.", 5)));

        Assert.Equal("rate_limit_exceeded", JsonElement.Parse(told[^1]).GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(3, told.Count);
    }

    private static Task<List<string>> TellAsync(params TurnEvent[] events) => TellAsync(withUsage: false, events);

    private static async Task<List<string>> TellAsync(bool withUsage, params TurnEvent[] events)
    {
        var turn = new TurnRecord
        {
            SessionId = SessionId.Parse("s"),
            TurnId = TurnId.Parse("t"),
            Status = TurnStatus.Running,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = DateTimeOffset.UnixEpoch },
        };
        var told = new List<string>();
        await foreach (var piece in new ChatChunks(turn, "default", StopSequences.None, withUsage).TellAsync(InTurnAsync(events), TestContext.Current.CancellationToken))
        {
            told.Add(Encoding.UTF8.GetString(piece));
        }

        return told;
    }

    private static async IAsyncEnumerable<NumberedEvent> InTurnAsync(
        IEnumerable<TurnEvent> events,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var told in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new NumberedEvent("id", told);
        }

        await Task.CompletedTask;
    }

    private static JsonElement DeltaOf(string piece) => JsonElement.Parse(piece).GetProperty("choices")[0].GetProperty("delta");
}
