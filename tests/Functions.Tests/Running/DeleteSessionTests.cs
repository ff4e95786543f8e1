using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Sweeps;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class DeleteSessionTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Delete_SessionWithTurns_CancelsThemAndLeavesNothing()
    {
        await using var front = await StartAsync(hosts: 2);
        var placed = await front.PlaceAsync(Session, front.HostId("host-1"));
        await front.AcceptAsync(Session, "ended", "say one");
        await front.EndedAsync(Session, "ended");
        await front.AcceptAsync(Session, "running", "hold");
        await front.AcceptAsync(Session, "waiting", "hold");
        await front.HostOfAsync(Session, "running");

        using var answer = await front.DeleteAsync(Session, waitSeconds: 110);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(ProblemCodes.SessionNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{Session}")).Code);
        foreach (var turn in (string[])["ended", "running", "waiting"])
        {
            Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{Session}/turns/{turn}")).Code);
        }

        // Whichever host has had it, each removes what it has.
        Assert.Equal([(Session, placed.RouteId.Value)], front.Host("host-1").Erased.Distinct());
        Assert.Equal([(Session, placed.RouteId.Value)], front.Host("host-2").Erased.Distinct());
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_ThenTheSameIdsAgain_BeginAnew()
    {
        await using var front = await StartAsync();
        await front.PlaceAsync(Session, front.HostId("host-1"));
        await front.AcceptAsync(Session, "t", "say old");
        await front.EndedAsync(Session, "t");
        using var deleted = await front.DeleteAsync(Session, waitSeconds: 110);

        await front.AcceptAsync(Session, "t", "say new");

        Assert.Equal("new", (await front.EndedAsync(Session, "t")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_TurnThatComesMeanwhile_RunsWhenItIsDone()
    {
        await using var front = await StartAsync();
        await front.PlaceAsync(Session, front.HostId("host-1"));
        front.Host().RefuseErasure = ProblemCatalogue.SessionBusy();
        using var accepted = await front.DeleteAsync(Session);
        await Eventually.BecomesTrueAsync(() => !front.Host().Erased.IsEmpty, Cancellation);

        await front.AcceptAsync(Session, "t", "say hello");
        Assert.Equal(SessionStatus.Deleting, (await front.ReadAsync($"/api/sessions/{Session}", ContractsJsonContext.Default.SessionResource)).Status);
        Assert.Equal(TurnStatus.Queued, (await front.GetAsync(Session, "t")).Status);
        front.Host().RefuseErasure = null;

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("hello", (await front.EndedAsync(Session, "t")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_SessionThatWasOnlyConfigured_AsksNoHost()
    {
        await using var front = await StartAsync();
        await front.ConfigureAsync(Session, new PutSessionRequest { Title = "T" });

        using var answer = await front.DeleteAsync(Session, waitSeconds: 110);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(front.Host().Erased);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_SessionWithTurnsButNoRow_CancelsThemAndLeavesNothing()
    {
        await using var front = await StartAsync(hosts: 0);
        await front.AcceptAsync(Session, "running", "say one");
        await front.AcceptAsync(Session, "waiting", "say two");
        await Eventually.BecomesTrueAsync(
            async () =>
                await front.Durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(SessionId.Parse(Session)), includeState: true, Cancellation)
                    is { State: { Running: not null, Waiting.Count: 1 } },
            Cancellation);
        Assert.Null(await FindAsync(front, Session));

        using var answer = await front.DeleteAsync(Session, waitSeconds: 110);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        foreach (var turn in (string[])["running", "waiting"])
        {
            Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{Session}/turns/{turn}")).Code);
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_UnknownSessionOrBadId_IsAProblem()
    {
        await using var front = await StartAsync(hosts: 0);

        Assert.Equal(ProblemCodes.SessionNotFound, (await front.FailAsync(HttpMethod.Delete, "/api/sessions/never")).Code);
        Assert.Equal(ProblemCodes.InvalidSessionId, (await front.FailAsync(HttpMethod.Delete, "/api/sessions/a%09b")).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Sweep_ExpiredSessions_EndsThoseThatAreNotInUse()
    {
        await using var front = await StartAsync();
        var (over, inUse, left) = ($"{Session}-over", $"{Session}-in-use", $"{Session}-left");
        await front.AcceptAsync(over, "ended", "say something");
        await front.EndedAsync(over, "ended");
        await front.FreeAsync(over);
        await front.AcceptAsync(inUse, "t", "hold");
        await front.Host().HoldsAsync("t");

        // Last, because the front has sweeps of its own.
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await front.PlaceAsync(over, front.HostId("host-1"), session => session with { ExpiresAt = past });
        await front.PlaceAsync(inUse, front.HostId("host-1"), session => session with { ExpiresAt = past });
        await front.PlaceAsync(left, front.HostId("host-1"));

        await front.Get<SessionSweep>().SweepAsync(front.Durable, Cancellation);

        await Eventually.BecomesTrueAsync(async () => await FindAsync(front, over) is null, Cancellation);
        Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{over}/turns/ended")).Code);
        Assert.NotNull(await FindAsync(front, inUse));
        Assert.NotNull(await FindAsync(front, left));
        await front.Host().CompleteAsync("t", "done");
        Assert.Equal("done", (await front.EndedAsync(inUse, "t")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Sweep_RemovalThatCameToNothing_IsTakenUp()
    {
        await using var front = await StartAsync();
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await front.PlaceAsync(Session, front.HostId("host-1"), session => session with { DeletingSince = past, ExpiresAt = past });

        await front.Get<SessionSweep>().SweepAsync(front.Durable, Cancellation);

        await Eventually.BecomesTrueAsync(async () => await FindAsync(front, Session) is null, Cancellation);
    }

    private static Task<Versioned<SessionRecord>?> FindAsync(RunningFront front, string session) =>
        front.Get<ISessionStore>().FindAsync(SessionId.Parse(session), Cancellation);
}
