using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Tests.Turns;

public sealed class TurnRecordTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly TurnTicket s_earlier = new(TurnId.Parse("earlier"));

    [Fact]
    public void ListOpen_TurnThatWaits_IsThoseBeforeItAndItself()
    {
        var turn = Turn(TurnStatus.Queued) with { OnBusy = OnBusy.Interrupt, ExpiresAt = s_noon };

        Assert.Equal([s_earlier, new TurnTicket(turn.TurnId) { OnBusy = OnBusy.Interrupt, ExpiresAt = s_noon }], turn.ListOpen());
    }

    [Fact]
    public void ListOpen_TurnThatRuns_IsItselfOnly()
    {
        var turn = Turn(TurnStatus.Running) with { Attempts = [Attempt] };

        Assert.Equal([new TurnTicket(turn.TurnId) { RunsAhead = true }], turn.ListOpen());
    }

    [Theory]
    [InlineData(TurnStatus.Completed)]
    [InlineData(TurnStatus.Failed)]
    [InlineData(TurnStatus.Cancelled)]
    public void ListOpen_TurnThatRanAndEnded_IsNone(TurnStatus status)
    {
        Assert.Empty((Turn(status) with { Attempts = [Attempt] }).ListOpen());
    }

    [Theory]
    [InlineData(TurnStatus.Failed)]
    [InlineData(TurnStatus.Cancelled)]
    [InlineData(TurnStatus.Expired)]
    public void ListOpen_TurnThatEndedWhileItWaited_IsThoseBeforeIt(TurnStatus status)
    {
        Assert.Equal([s_earlier], Turn(status).ListOpen());
    }

    [Fact]
    public void ListOpen_ManyTurns_IsNoMoreThanAMailboxRemembers()
    {
        var turn = Turn(TurnStatus.Queued) with { OpenBefore = [.. Enumerable.Range(0, 100).Select(number => new TurnTicket(TurnId.Parse($"turn-{number}")))] };

        var open = turn.ListOpen();

        Assert.Equal(SessionState.RecentTurns, open.Count);
        Assert.Equal(["turn-99", "turn"], open.TakeLast(2).Select(ticket => ticket.TurnId.Value));
    }

    private static TurnAttempt Attempt => new() { Number = 1, HostId = "host-1", Epoch = 1, StartedAt = s_noon };

    private static TurnRecord Turn(TurnStatus status) => new()
    {
        SessionId = SessionId.Parse("room"),
        TurnId = TurnId.Parse("turn"),
        Status = status,
        RequestHash = "hash",
        OpenBefore = [s_earlier],
        Timings = new TurnTimings { CreatedAt = s_noon },
    };
}
