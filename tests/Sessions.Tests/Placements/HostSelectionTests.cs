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
        Assert.Null(Choose([], new HostWish()));
    }

    [Fact]
    public void Choose_PlacedOnALivingHost_StaysUnderItsEpoch()
    {
        var choice = Choose([Host("a"), Host("b", live: 9)], new HostWish { Placement = new Placement("b", 4) });

        Assert.Equal(("b", 4), Describe(choice));
        Assert.Equal(["a"], choice?.Others);
    }

    [Fact]
    public void Choose_RenewedOnALivingHost_StaysUnderANewEpoch()
    {
        Assert.Equal(("b", 5), Describe(Choose([Host("a"), Host("b")], new HostWish { Placement = new Placement("b", 4), RenewEpoch = true })));
    }

    [Fact]
    public void Choose_PlacedOnAHostThatHasBegunAnew_StaysUnderANewEpoch()
    {
        var host = Host("b");
        var earlier = new Placement("b", 4) { HostStartedAt = host.StartedAt.AddMinutes(-1) };

        var choice = Choose([Host("a"), host], new HostWish { Placement = earlier });

        Assert.Equal(new Placement("b", 5) { HostStartedAt = host.StartedAt }, choice?.Placement);
        Assert.Equal(("b", 5), Describe(Choose([host], new HostWish { Placement = choice?.Placement })));
    }

    [Fact]
    public void Choose_DeclaredSession_StaysOnItsHostUnderTheFirstEpoch()
    {
        Assert.Equal(("b", 1), Describe(Choose([Host("a"), Host("b", live: 9)], new HostWish { Placement = new Placement("b", 0) })));
    }

    [Fact]
    public void Choose_NewSession_TakesTheHostWithTheMostRoom()
    {
        Assert.Equal(("b", 1), Describe(Choose([Host("a", live: 5), Host("b", live: 1), Host("c", live: 3)], new HostWish())));
    }

    [Fact]
    public void Choose_NewSession_CountsWhatWasPlacedSinceTheLastBeat()
    {
        var wish = new HostWish { PlacedSince = host => host.HostId == "b" ? 3 : 0 };

        Assert.Equal(("c", 1), Describe(Choose([Host("a", live: 5), Host("b", live: 1), Host("c", live: 3)], wish)));
    }

    [Fact]
    public void Choose_PlacedOnADeadHost_MovesUnderANewEpoch()
    {
        var dead = Host("b") with { HeartbeatAt = s_now.AddSeconds(-6) };

        Assert.Equal(("a", 5), Describe(Choose([Host("a"), dead], new HostWish { Placement = new Placement("b", 4) })));
    }

    [Fact]
    public void Choose_HostThatMissedTwoBeats_IsStillAlive()
    {
        var late = Host("b") with { HeartbeatAt = s_now.AddSeconds(-5.9) };

        Assert.Equal(("b", 4), Describe(Choose([Host("a"), late], new HostWish { Placement = new Placement("b", 4) })));
    }

    [Fact]
    public void Choose_PlacedOnADrainingHost_Moves()
    {
        var choice = Choose([Host("a"), Host("b") with { Draining = true }], new HostWish { Placement = new Placement("b", 4) });

        Assert.Equal(("a", 5), Describe(choice));
        Assert.Empty(choice!.Others);
    }

    [Fact]
    public void Choose_HostToAvoid_IsTakenOnlyWhenItIsTheOnlyOne()
    {
        var wish = new HostWish { Placement = new Placement("a", 4), RenewEpoch = true, Avoid = ["a"] };

        Assert.Equal(("b", 5), Describe(Choose([Host("a"), Host("b", live: 9)], wish)));
        Assert.Equal(("a", 5), Describe(Choose([Host("a")], wish)));
    }

    [Fact]
    public void Choose_Profile_TakesAHostThatHasItIfThereIsOne()
    {
        var able = Host("b", live: 9) with { Profiles = ["default", "fast"] };
        var wish = new HostWish { Placement = new Placement("a", 4), Profile = "fast" };

        Assert.Equal(("b", 5), Describe(Choose([Host("a"), able], wish)));
        Assert.Equal(("a", 4), Describe(Choose([Host("a"), Host("c")], wish)));
    }

    private static HostChoice? Choose(IReadOnlyList<HostRecord> hosts, HostWish wish) => HostSelection.Choose(hosts, wish, s_now);

    private static (string? Host, long? Epoch) Describe(HostChoice? choice) => (choice?.Host.HostId, choice?.Placement.Epoch);

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
