using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Sweeps;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class DeleteSessionTests : RunningFrontTest
{
    [Fact(Timeout = Patience)]
    public async Task Delete_SessionWithTurns_CancelsThemAndLeavesNothing()
    {
        await using var front = await RunningFront.StartAsync(hosts: 2);
        var placed = await front.PlaceAsync("s", "host-1");
        await front.AcceptAsync("s", "ended", "say one");
        await front.EndedAsync("s", "ended");
        await front.AcceptAsync("s", "running", "hold");
        await front.AcceptAsync("s", "waiting", "hold");
        await front.HostOfAsync("s", "running");

        using var answer = await front.DeleteAsync("s", waitSeconds: 60);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(ProblemCodes.SessionNotFound, (await front.FailAsync(HttpMethod.Get, "/api/sessions/s")).Code);
        foreach (var turn in (string[])["ended", "running", "waiting"])
        {
            Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/s/turns/{turn}")).Code);
        }

        // Whichever host has had it, each removes what it has.
        Assert.Equal([("s", placed.RouteId.Value)], front.Host("host-1").Erased.Distinct());
        Assert.Equal([("s", placed.RouteId.Value)], front.Host("host-2").Erased.Distinct());
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_ThenTheSameIdsAgain_BeginAnew()
    {
        await using var front = await RunningFront.StartAsync();
        await front.PlaceAsync("s", "host-1");
        await front.AcceptAsync("s", "t", "say old");
        await front.EndedAsync("s", "t");
        using var deleted = await front.DeleteAsync("s", waitSeconds: 60);

        await front.AcceptAsync("s", "t", "say new");

        Assert.Equal("new", (await front.EndedAsync("s", "t")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_TurnThatComesMeanwhile_RunsWhenItIsDone()
    {
        await using var front = await RunningFront.StartAsync();
        await front.PlaceAsync("s", "host-1");
        front.Host().RefuseErasure = ProblemCatalogue.SessionBusy();
        using var accepted = await front.DeleteAsync("s");
        await Eventually.BecomesTrueAsync(() => !front.Host().Erased.IsEmpty, Cancellation);

        await front.AcceptAsync("s", "t", "say hello");
        Assert.Equal(SessionStatus.Deleting, (await front.ReadAsync("/api/sessions/s", ContractsJsonContext.Default.SessionResource)).Status);
        Assert.Equal(TurnStatus.Queued, (await front.GetAsync("s", "t")).Status);
        front.Host().RefuseErasure = null;

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("hello", (await front.EndedAsync("s", "t")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_SessionThatWasOnlyConfigured_AsksNoHost()
    {
        await using var front = await RunningFront.StartAsync();
        await front.ConfigureAsync("s", new PutSessionRequest { Title = "T" });

        using var answer = await front.DeleteAsync("s", waitSeconds: 60);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(front.Host().Erased);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_UnknownSessionOrBadId_IsAProblem()
    {
        await using var front = await RunningFront.StartAsync(hosts: 0);

        Assert.Equal(ProblemCodes.SessionNotFound, (await front.FailAsync(HttpMethod.Delete, "/api/sessions/never")).Code);
        Assert.Equal(ProblemCodes.InvalidSessionId, (await front.FailAsync(HttpMethod.Delete, "/api/sessions/a%20b")).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Sweep_ExpiredSessions_EndsThoseThatAreNotInUse()
    {
        await using var front = await RunningFront.StartAsync();
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await front.PlaceAsync("over", "host-1", session => session with { ExpiresAt = past });
        await front.PlaceAsync("in-use", "host-1", session => session with { ExpiresAt = past });
        await front.PlaceAsync("left", "host-1");
        await front.AcceptAsync("over", "ended", "say something");
        await front.EndedAsync("over", "ended");
        await front.AcceptAsync("in-use", "t", "hold");
        await front.Host().HoldsAsync("t");

        Assert.Equal(2, await front.Get<SessionSweep>().SweepAsync(front.Durable, Cancellation));

        await Eventually.BecomesTrueAsync(async () => await FindAsync(front, "over") is null, Cancellation);
        Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, "/api/sessions/over/turns/ended")).Code);
        Assert.NotNull(await FindAsync(front, "in-use"));
        Assert.NotNull(await FindAsync(front, "left"));
        await front.Host().CompleteAsync("t", "done");
        Assert.Equal("done", (await front.EndedAsync("in-use", "t")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Sweep_RemovalThatCameToNothing_IsTakenUp()
    {
        await using var front = await RunningFront.StartAsync();
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await front.PlaceAsync("s", "host-1", session => session with { DeletingSince = past, ExpiresAt = past });

        await front.Get<SessionSweep>().SweepAsync(front.Durable, Cancellation);

        await Eventually.BecomesTrueAsync(async () => await FindAsync(front, "s") is null, Cancellation);
    }

    private static Task<Versioned<SessionRecord>?> FindAsync(RunningFront front, string session) =>
        front.Get<ISessionStore>().FindAsync(SessionId.Parse(session), Cancellation);
}
