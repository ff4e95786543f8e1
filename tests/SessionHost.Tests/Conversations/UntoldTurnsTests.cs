using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

public sealed class UntoldTurnsTests
{
    private static readonly SessionId s_session = SessionId.Parse("room:1");
    private static readonly DateTimeOffset s_noon = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly InMemoryTurnStore _turns = new();

    // The transcript has t1, t2, then a background turn that was listed later than t3, which was submitted while it ran.
    [Theory]
    [InlineData(null, "t1 t2 t3 b1 t4 b2")]
    [InlineData("t1", "t2 t3 b1 t4 b2")]
    [InlineData("t2", "t3 b1 t4 b2")]
    [InlineData("b1", "t3 t4 b2")]
    [InlineData("t3", "t4 b2")]
    [InlineData("t4", "b2")]
    [InlineData("b2", "")]
    public async Task Read_WhateverTheTranscriptHasLast_NamesTheRestAndNothingTwice(string? known, string expected)
    {
        await AddAsync("t1", createdAt: 1, finishedAt: 2);
        await AddAsync("t2", createdAt: 3, finishedAt: 4);
        await AddAsync("t3", createdAt: 5, finishedAt: 9);
        await AddAsync("b1", createdAt: 6, finishedAt: 8, after: "t2");
        await AddAsync("t4", createdAt: 10, finishedAt: 11);
        await AddAsync("b2", createdAt: 12, finishedAt: 13, after: "t4");

        var (exchanges, left) = await UntoldTurns.ReadAsync(_turns, s_session, known is null ? null : TurnId.Parse(known), TestContext.Current.CancellationToken);

        Assert.Equal(expected, string.Join(' ', exchanges.Select(exchange => exchange.TurnId)));
        Assert.Equal(0, left);
    }

    private async Task AddAsync(string id, int createdAt, int finishedAt, string? after = null)
    {
        var turn = new TurnRecord
        {
            SessionId = s_session,
            TurnId = TurnId.Parse(id),
            Status = TurnStatus.Completed,
            RequestHash = string.Empty,
            Origin = after is null ? null : TurnOrigin.Background,
            After = after is null ? null : TurnId.Parse(after),
            Reply = new Reply { Text = id, Transport = "stream-json" },
            Timings = new TurnTimings { CreatedAt = s_noon.AddSeconds(createdAt), FinishedAt = s_noon.AddSeconds(finishedAt) },
        };
        await _turns.AddEndedAsync(turn, id, TestContext.Current.CancellationToken);
    }
}
