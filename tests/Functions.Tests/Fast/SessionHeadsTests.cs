using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Fast;

public sealed class SessionHeadsTests
{
    private readonly InMemoryTurnStore _turns = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindIdle_SessionWithoutTurns_IsNull()
    {
        Assert.Null(await new SessionHeads(_turns).FindIdleAsync(SessionOf(1), Cancellation));
    }

    [Fact]
    public async Task FindIdle_AfterTheNewestTurnWasAnswered_IsRemembered()
    {
        var heads = new SessionHeads(_turns);
        heads.NoteAdded(SessionOf(1), HeadOf("turn-1"));
        heads.NoteEnded(Answered(1, "turn-1"));

        var idle = await heads.FindIdleAsync(SessionOf(1), Cancellation);
        Assert.Equal((HeadOf("turn-1"), "host-1", 2), (idle?.Head, idle?.Answered.HostId, idle?.Answered.Epoch));
    }

    [Fact]
    public async Task FindIdle_AfterAnEarlierTurnWasAnswered_IsNull()
    {
        var heads = new SessionHeads(_turns);
        heads.NoteAdded(SessionOf(1), HeadOf("turn-1"));
        heads.NoteAdded(SessionOf(1), HeadOf("turn-2"));
        heads.NoteEnded(Answered(1, "turn-1"));

        Assert.Null(await heads.FindIdleAsync(SessionOf(1), Cancellation));
    }

    [Fact]
    public async Task FindIdle_AfterItWasForgotten_IsWhatTheTableSays()
    {
        var heads = new SessionHeads(_turns);
        await _turns.AddAsync(Answered(1, "turn-1"), "prompt", Cancellation);
        heads.NoteAdded(SessionOf(1), HeadOf("gone"));
        heads.Forget(SessionOf(1));

        var idle = await heads.FindIdleAsync(SessionOf(1), Cancellation);

        Assert.Equal((await _turns.FindHeadAsync(SessionOf(1), Cancellation), "host-1"), (idle?.Head, idle?.Answered.HostId));
    }

    [Fact]
    public async Task Note_MoreSessionsThanAreRemembered_KeepsTheOnesInUse()
    {
        const int capacity = 100;
        var heads = new SessionHeads(_turns, capacity);
        for (var number = 0; number < capacity * 20; number++)
        {
            heads.NoteAdded(SessionOf(number), HeadOf("turn-1"));
            heads.NoteEnded(Answered(number, "turn-1"));

            // One session is used all the time.
            heads.NoteAdded(SessionOf(-1), HeadOf($"turn-{number}"));
            heads.NoteEnded(Answered(-1, $"turn-{number}"));
        }

        Assert.NotNull(await heads.FindIdleAsync(SessionOf(-1), Cancellation));
        Assert.NotNull(await heads.FindIdleAsync(SessionOf((capacity * 20) - 1), Cancellation));
        var remembered = 0;
        for (var number = 0; number < capacity * 20; number++)
        {
            remembered += await heads.FindIdleAsync(SessionOf(number), Cancellation) is null ? 0 : 1;
        }

        Assert.InRange(remembered, capacity - 2, capacity * 2);
    }

    private static SessionId SessionOf(int number) => SessionId.Parse($"session.{number}");

    private static TurnHead HeadOf(string turn) => new(TurnId.Parse(turn), "tag-" + turn);

    private static TurnRecord Answered(int session, string turn) => new()
    {
        SessionId = SessionOf(session),
        TurnId = TurnId.Parse(turn),
        Status = TurnStatus.Completed,
        RequestHash = "hash",
        Epoch = 2,
        Attempts = [new TurnAttempt { Number = 1, HostId = "host-1", Epoch = 2, StartedAt = DateTimeOffset.UnixEpoch, Outcome = AttemptOutcome.Completed }],
        Timings = new TurnTimings { CreatedAt = DateTimeOffset.UnixEpoch },
    };
}
