using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Placements;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Tests.Placements;

public sealed class HostSelectionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Choose_NoHosts_IsNull()
    {
        Assert.Null(HostSelection.Choose([], null, renew: false, null, s_now));
    }

    [Fact]
    public void Choose_PlacedOnALivingHost_StaysUnderItsEpoch()
    {
        var choice = HostSelection.Choose([Host("a"), Host("b", live: 9)], new Placement("b", 4), renew: false, null, s_now);

        Assert.Equal(("b", 4), (choice?.Host.HostId, choice?.Epoch));
    }

    [Fact]
    public void Choose_RenewedOnALivingHost_StaysUnderANewEpoch()
    {
        var choice = HostSelection.Choose([Host("a"), Host("b")], new Placement("b", 4), renew: true, null, s_now);

        Assert.Equal(("b", 5), (choice?.Host.HostId, choice?.Epoch));
    }

    [Fact]
    public void Choose_NewSession_TakesTheHostWithTheMostRoom()
    {
        var choice = HostSelection.Choose([Host("a", live: 5), Host("b", live: 1), Host("c", live: 3)], null, renew: false, null, s_now);

        Assert.Equal(("b", 1), (choice?.Host.HostId, choice?.Epoch));
    }

    [Fact]
    public void Choose_PlacedOnADeadHost_MovesUnderANewEpoch()
    {
        var dead = Host("b") with { HeartbeatAt = s_now.AddSeconds(-6) };

        var choice = HostSelection.Choose([Host("a"), dead], new Placement("b", 4), renew: false, null, s_now);

        Assert.Equal(("a", 5), (choice?.Host.HostId, choice?.Epoch));
    }

    [Fact]
    public void Choose_PlacedOnADrainingHost_Moves()
    {
        var choice = HostSelection.Choose([Host("a"), Host("b") with { Draining = true }], new Placement("b", 4), renew: false, null, s_now);

        Assert.Equal("a", choice?.Host.HostId);
    }

    [Fact]
    public void Choose_HostToAvoid_IsTakenOnlyWhenItIsTheOnlyOne()
    {
        var other = HostSelection.Choose([Host("a"), Host("b", live: 9)], new Placement("a", 4), renew: true, "a", s_now);
        var only = HostSelection.Choose([Host("a")], new Placement("a", 4), renew: true, "a", s_now);

        Assert.Equal(("b", 5), (other?.Host.HostId, other?.Epoch));
        Assert.Equal(("a", 5), (only?.Host.HostId, only?.Epoch));
    }

    private static HostRecord Host(string id, int live = 0) => new()
    {
        HostId = id,
        Url = new Uri($"http://{id}.test/"),
        StartedAt = s_now.AddHours(-1),
        HeartbeatAt = s_now.AddSeconds(-1),
        HeartbeatInterval = TimeSpan.FromSeconds(2),
        LiveProcesses = live,
        MaxSessions = 10,
    };
}
