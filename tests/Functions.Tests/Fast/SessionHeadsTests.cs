using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Fast;

public sealed class SessionHeadsTests
{
    private readonly InMemoryTurnStore _turns = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_SessionWithoutTurns_HasNoHeadAndNothingOpen()
    {
        var newest = await new SessionHeads(_turns).FindAsync(SessionOf(1), Cancellation);

        Assert.Equal((null, null), (newest.Head, newest.Answered));
        Assert.Empty(newest.Open);
    }

    [Fact]
    public async Task Find_AfterTheNewestTurnWasAnswered_RemembersTheAnswer()
    {
        var heads = new SessionHeads(_turns);
        heads.NoteAdded(SessionOf(1), HeadOf("turn-1"));
        heads.NoteEnded(Answered(1, "turn-1"));

        var newest = await heads.FindAsync(SessionOf(1), Cancellation);
        Assert.Equal((HeadOf("turn-1"), "host-1", 2), (newest.Head, newest.Answered?.HostId, newest.Answered?.Epoch));
    }

    [Fact]
    public async Task Find_AfterAnEarlierTurnWasAnswered_HasNoAnswer()
    {
        var heads = new SessionHeads(_turns);
        heads.NoteAdded(SessionOf(1), HeadOf("turn-1"));
        heads.NoteAdded(SessionOf(1), HeadOf("turn-2"));
        heads.NoteEnded(Answered(1, "turn-1"));

        Assert.Null((await heads.FindAsync(SessionOf(1), Cancellation)).Answered);
    }

    [Fact]
    public async Task Find_AfterItWasForgotten_IsWhatTheTableSays()
    {
        var heads = new SessionHeads(_turns);
        await _turns.AddAsync(Answered(1, "turn-1"), "prompt", Cancellation);
        heads.NoteAdded(SessionOf(1), HeadOf("gone"));
        heads.Forget(SessionOf(1), HeadOf("gone"));

        var newest = await heads.FindAsync(SessionOf(1), Cancellation);

        Assert.Equal((await _turns.FindHeadAsync(SessionOf(1), Cancellation), "host-1"), (newest.Head, newest.Answered?.HostId));
    }

    [Fact]
    public async Task Forget_OfAHeadThatIsNoLongerTheRememberedOne_ForgetsNothing()
    {
        var heads = new SessionHeads(_turns);
        heads.NoteAdded(SessionOf(1), HeadOf("turn-2"));

        heads.Forget(SessionOf(1), HeadOf("turn-1"));

        Assert.Equal(HeadOf("turn-2"), (await heads.FindAsync(SessionOf(1), Cancellation)).Head);
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

        Assert.NotNull((await heads.FindAsync(SessionOf(-1), Cancellation)).Answered);
        Assert.NotNull((await heads.FindAsync(SessionOf((capacity * 20) - 1), Cancellation)).Answered);
        var remembered = 0;
        for (var number = 0; number < capacity * 20; number++)
        {
            remembered += (await heads.FindAsync(SessionOf(number), Cancellation)).Answered is null ? 0 : 1;
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
