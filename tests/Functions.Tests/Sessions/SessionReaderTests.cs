using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Functions.Sessions;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Tests.Sessions;

public sealed class SessionReaderTests : IDisposable
{
    private readonly SessionsFixture _front = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _front.Dispose();

    [Fact]
    public async Task List_PageByPage_GivesEverySessionOnce()
    {
        for (var index = 0; index < 7; index++)
        {
            await _front.AddAsync(SessionsFixture.NewSession($"s{index}"));
        }

        var first = await ListAsync(new SessionListing { Limit = 3 });
        var second = await ListAsync(new SessionListing { Limit = 3, After = SessionId.Parse(first.Next!) });
        var third = await ListAsync(new SessionListing { Limit = 3, After = SessionId.Parse(second.Next!) });

        Assert.Null(third.Next);
        Assert.Equal(
            ["s0", "s1", "s2", "s3", "s4", "s5", "s6"],
            first.Sessions.Concat(second.Sessions).Concat(third.Sessions).Select(session => session.SessionId).Order());
    }

    [Fact]
    public async Task List_LastPageThatIsFull_HasNoNext()
    {
        await _front.AddAsync(SessionsFixture.NewSession("a"));
        await _front.AddAsync(SessionsFixture.NewSession("b"));

        Assert.Null((await ListAsync(new SessionListing { Limit = 2 })).Next);
    }

    [Theory]
    [InlineData(HostSessionState.Idle, null, SessionStatus.Idle)]
    [InlineData(HostSessionState.Starting, null, SessionStatus.Idle)]
    [InlineData(HostSessionState.Starting, "t", SessionStatus.Running)]
    [InlineData(HostSessionState.Running, "t", SessionStatus.Running)]
    [InlineData(HostSessionState.Stopping, "t", SessionStatus.Running)]
    [InlineData(HostSessionState.WaitingForPermission, "t", SessionStatus.WaitingForPermission)]
    [InlineData(HostSessionState.Closing, null, SessionStatus.Asleep)]
    public async Task Find_AwakeSession_IsWhatItsHostSays(HostSessionState state, string? turn, SessionStatus expected)
    {
        await _front.AddAsync(Placed("s", "host-1"));
        await _front.Hosts.AddAsync("host-1", Awake("s", state, turn));

        var found = await FindAsync("s");

        Assert.Equal(expected, found?.Status);
        Assert.Equal(turn, found?.RunningTurnId);
    }

    [Fact]
    public async Task Find_ByWhatIsInTheTable_IsNewAsleepOrDeleting()
    {
        await _front.AddAsync(SessionsFixture.NewSession("new"));
        await _front.AddAsync(Placed("asleep", "host-1"));
        await _front.AddAsync(Placed("deleting", "host-1") with { DeletingSince = SessionsFixture.Noon });
        await _front.Hosts.AddAsync("host-1", Awake("deleting", HostSessionState.Running, "t"));

        Assert.Equal(SessionStatus.New, (await FindAsync("new"))?.Status);
        Assert.Equal(SessionStatus.Asleep, (await FindAsync("asleep"))?.Status);
        Assert.Equal(SessionStatus.Deleting, (await FindAsync("deleting"))?.Status);
        Assert.Null(await FindAsync("never"));
    }

    [Fact]
    public async Task Find_HostThatHasLostTheSession_DoesNotCount()
    {
        await _front.AddAsync(Placed("s", "host-1"));
        await _front.Hosts.AddAsync("host-1");
        await _front.Hosts.AddAsync("host-2", Awake("s", HostSessionState.Running, "t"));

        Assert.Equal(SessionStatus.Asleep, (await FindAsync("s"))?.Status);
        Assert.Equal(SessionStatus.Asleep, Assert.Single((await ListAsync(new SessionListing { Limit = 5 })).Sessions).Status);
    }

    [Fact]
    public async Task List_HostThatDoesNotAnswer_LeavesItsSessionsAsTheTableHasThem()
    {
        await _front.AddAsync(Placed("one", "host-1"));
        await _front.AddAsync(Placed("two", "host-2"));
        await _front.Hosts.AddAsync("host-1", Awake("one", HostSessionState.Running, "t"));
        await _front.Hosts.AddAsync("host-2", Awake("two", HostSessionState.Running, "t"));
        _front.Hosts.Silence("host-2");

        var listed = (await ListAsync(new SessionListing { Limit = 5 })).Sessions.ToDictionary(session => session.SessionId, session => session.Status);

        Assert.Equal(SessionStatus.Running, listed["one"]);
        Assert.Equal(SessionStatus.Asleep, listed["two"]);
    }

    [Fact]
    public async Task List_ByStatus_GivesThose()
    {
        await _front.AddAsync(SessionsFixture.NewSession("new"));
        await _front.AddAsync(Placed("asleep", "host-1"));
        await _front.AddAsync(Placed("running-1", "host-1") with { Tags = ["x"] });
        await _front.AddAsync(Placed("running-2", "host-1"));
        await _front.Hosts.AddAsync(
            "host-1",
            Awake("running-1", HostSessionState.Running, "t"),
            Awake("running-2", HostSessionState.Running, "t"),
            Awake("gone", HostSessionState.Running, "t"));

        Assert.Equal(["new"], await IdsAsync(new SessionListing { Limit = 5, Status = SessionStatus.New }));
        Assert.Equal(["asleep"], await IdsAsync(new SessionListing { Limit = 5, Status = SessionStatus.Asleep }));
        Assert.Equal(["running-1", "running-2"], await IdsAsync(new SessionListing { Limit = 5, Status = SessionStatus.Running }));
        Assert.Equal(["running-1"], await IdsAsync(new SessionListing { Limit = 5, Status = SessionStatus.Running, Filter = new SessionFilter { Tag = "x" } }));
    }

    [Fact]
    public async Task List_OfAwakeSessions_GoesOnBehindThePageBefore()
    {
        string[] ids = ["a", "b", "c", "d", "e"];
        foreach (var id in ids)
        {
            await _front.AddAsync(Placed(id, "host-1"));
        }

        await _front.Hosts.AddAsync("host-1", [.. ids.Select(id => Awake(id, HostSessionState.Idle, null))]);

        var first = await ListAsync(new SessionListing { Limit = 3, Status = SessionStatus.Idle });
        var second = await ListAsync(new SessionListing { Limit = 3, Status = SessionStatus.Idle, After = SessionId.Parse(first.Next!) });

        Assert.Null(second.Next);
        Assert.Equal(ids, first.Sessions.Concat(second.Sessions).Select(session => session.SessionId).Order());
    }

    private static SessionRecord Placed(string id, string host) =>
        SessionsFixture.NewSession(id) with { HostId = host, Epoch = 1 };

    private static HostSession Awake(string id, HostSessionState state, string? turn) =>
        new() { SessionId = id, State = state, Since = SessionsFixture.Noon, TurnId = turn };

    private Task<SessionResource?> FindAsync(string id) => _front.Reader.FindAsync(SessionId.Parse(id), Cancellation);

    private Task<SessionPage> ListAsync(SessionListing listing) => _front.Reader.ListAsync(listing, Cancellation);

    private async Task<IEnumerable<string>> IdsAsync(SessionListing listing) =>
        (await ListAsync(listing)).Sessions.Select(session => session.SessionId).Order();
}
