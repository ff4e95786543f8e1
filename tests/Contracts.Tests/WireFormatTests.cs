using System.Globalization;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Tests;

/// <summary>The JSON that callers see, character for character.</summary>
public sealed class WireFormatTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // The CLI adds costs up in binary fractions.
    [Theory]
    [InlineData("0.00014000000000000001", "0.00014")]
    [InlineData("1.50", "1.5")]
    [InlineData("0.00000000004", "0")]
    [InlineData("12", "12")]
    public void Cost_AsTheCliHasIt_IsWrittenWithoutNoise(string cost, string written)
    {
        var dollars = decimal.Parse(cost, CultureInfo.InvariantCulture);

        var reply = JsonSerializer.SerializeToElement(new Reply { Text = "", Transport = "", CostUsd = dollars }, ContractsJsonContext.Default.Reply);
        var message = JsonSerializer.SerializeToElement(new ReplyMessage { Status = TurnStatus.Completed, CostUsd = dollars }, ContractsJsonContext.Default.ReplyMessage);
        var none = JsonSerializer.SerializeToElement(new ReplyMessage { Status = TurnStatus.Failed }, ContractsJsonContext.Default.ReplyMessage);

        Assert.Equal(written, reply.GetProperty("costUsd").GetRawText());
        Assert.Equal(written, message.GetProperty("costUsd").GetRawText());
        Assert.False(none.TryGetProperty("costUsd", out _));
    }

    [Fact]
    public void Turn_Completed_LooksAsDocumented()
    {
        var turn = new TurnResource
        {
            TurnId = "t",
            SessionId = "s",
            Status = TurnStatus.Completed,
            Reply = new Reply { Text = "hi", CostUsd = 0.5m, Transport = "stream-json", Usage = new TokenUsage { InputTokens = 1 } },
            Attempts =
            [
                new TurnAttempt
                {
                    Number = 1,
                    HostId = "host-1",
                    Epoch = 2,
                    StartedAt = s_noon,
                    Outcome = AttemptOutcome.Completed,
                    Process = new TurnProcess { Pid = 42, StartedAt = s_noon, Turn = 3 },
                    Tries =
                    [
                        new TurnTry { Transport = "stream-json", StartedAt = s_noon, FinishedAt = s_noon, Outcome = AttemptOutcome.Completed },
                    ],
                },
            ],
            Timings = new TurnTimings { CreatedAt = s_noon },
            Metadata = JsonElement.Parse("""{"B":1,"a":[null]}"""),
        };

        Assert.Equal(
            """{"turnId":"t","sessionId":"s","status":"completed","reply":{"text":"hi","usage":{"inputTokens":1,"outputTokens":0,"cacheReadTokens":0,"cacheWriteTokens":0},"costUsd":0.5,"transport":"stream-json","notices":[]},"attempts":[{"number":1,"hostId":"host-1","epoch":2,"startedAt":"2026-11-21T12:00:00+00:00","outcome":"completed","process":{"pid":42,"startedAt":"2026-11-21T12:00:00+00:00","turn":3,"resumed":false},"tries":[{"transport":"stream-json","startedAt":"2026-11-21T12:00:00+00:00","finishedAt":"2026-11-21T12:00:00+00:00","outcome":"completed"}]}],"timings":{"createdAt":"2026-11-21T12:00:00+00:00"},"metadata":{"B":1,"a":[null]}}""",
            JsonSerializer.Serialize(turn, ContractsJsonContext.Default.TurnResource));
    }

    [Fact]
    public void Problem_RoundTrip_KeepsEverything()
    {
        var problem = ProblemCatalogue.ModelRateLimited("slow down", 30);

        var json = JsonSerializer.Serialize(problem, ContractsJsonContext.Default.Problem);

        Assert.Equal(
            """{"type":"urn:functions-broker:problem:model_rate_limited","code":"model_rate_limited","title":"The model\u0027s rate limit is reached","status":429,"retryable":true,"detail":"slow down","retryAfterSeconds":30}""",
            json);
        Assert.Equal(problem, JsonSerializer.Deserialize(json, ContractsJsonContext.Default.Problem));
    }

    [Fact]
    public void TurnMessage_AnyCaseAndUnknownMembers_AreRead()
    {
        var message = JsonSerializer.Deserialize(
            """{"SpecVersion":"1.1","turnid":"t","sessionId":"s","prompt":"p","later":{"x":1}}""",
            ContractsJsonContext.Default.TurnMessage);

        Assert.Equal("t", message?.TurnId);
        Assert.Equal("1.1", message?.SpecVersion);
    }

    [Fact]
    public void InjectRequest_UsesTheSeedsNames()
    {
        var request = JsonSerializer.Deserialize("""{"session_id":"s","prompt":"p"}""", ContractsJsonContext.Default.InjectRequest);

        Assert.Equal(new InjectRequest { SessionId = "s", Prompt = "p" }, request);
    }

    [Theory]
    [InlineData(TurnStatus.Queued, false)]
    [InlineData(TurnStatus.Running, false)]
    [InlineData(TurnStatus.Completed, true)]
    [InlineData(TurnStatus.Failed, true)]
    [InlineData(TurnStatus.Cancelled, true)]
    [InlineData(TurnStatus.Expired, true)]
    public void IsTerminal_OfEveryStatus_IsKnown(TurnStatus status, bool terminal)
    {
        Assert.Equal(terminal, status.IsTerminal());
    }
}
