using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Pool;

/// <summary>What the front says of a session in its row, and what it has a host do with it.</summary>
public sealed class ConfiguredSessionTests
{
    private const string Unending = "print {}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_FirstOfAConfiguredSession_KeepsWhatWasConfigured()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "SessionTtl=24:00:00", "Profiles:coder:Tools=");
        await ConfigureAsync(cluster, session => session with { Profile = "coder", Title = "T", Tags = ["x"], Ttl = TimeSpan.FromHours(1), BudgetUsd = 2 });

        await cluster.RunAsync(host, "a", "t1", "say one");
        await Eventually.BecomesTrueAsync(async () => (await cluster.ReadSessionAsync("a")).LastTurnId is not null, Cancellation);

        var session = await cluster.ReadSessionAsync("a");
        Assert.Equal(("coder", "T", 2m), (session.Profile, session.Title, session.BudgetUsd));
        Assert.Equal(["x"], session.Tags);
        Assert.Equal(session.LastUsedAt.AddHours(1), session.ExpiresAt);
        Assert.False(session.IsUnused);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_FirstOfAConfiguredSession_RunsInAProcessThatIsReady()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Prewarmed=1");
        await Eventually.BecomesTrueAsync(() => host.Get<ReadyProcesses>().Count == 1, Cancellation);
        await ConfigureAsync(cluster, session => session);
        var before = TimeProvider.System.GetUtcNow();

        var turn = await cluster.RunAsync(host, "a", "t1", "say one");

        Assert.True(turn.Attempts[0].Process!.StartedAt < before);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Recycle_AfterAnotherProfileWasSet_RunsTheNextTurnUnderIt()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:coder:Tools=");
        var first = await cluster.RunAsync(host, "a", "t1", "say one");
        await Eventually.BecomesTrueAsync(async () => (await cluster.ReadSessionAsync("a")).LastTurnId is not null, Cancellation);
        var row = await cluster.Sessions.FindAsync(SessionId.Parse("a"), Cancellation);
        await cluster.Sessions.UpdateAsync(row!, row!.Value with { Profile = "coder" }, Cancellation);

        using var recycled = await host.Http.PostAsync("/sessions/a/recycle", null, Cancellation);
        using var unknown = await host.Http.PostAsync("/sessions/never/recycle", null, Cancellation);
        var second = await cluster.RunAsync(host, "a", "t2", "say two");

        Assert.Equal(HttpStatusCode.Accepted, recycled.StatusCode);
        Assert.Equal(ProblemCodes.SessionNotFound, (await RunningHost.ProblemAsync(unknown)).Code);
        Assert.NotEqual(first.Attempts[0].Process!.Pid, second.Attempts[0].Process!.Pid);
        Assert.Equal("coder", (await cluster.ReadSessionAsync("a")).Profile);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_ByRoute_TakesProcessAndFilesWhoeverHasTheSession()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var other = await cluster.AddHostAsync("host-2");
        await cluster.RunAsync(host, "a", "t1", "say one");
        var process = await cluster.ReadProcessAsync("a");
        var route = (await cluster.ReadSessionAsync("a")).RouteId.Value;
        await Eventually.BecomesTrueAsync(async () => (await cluster.ReadSessionAsync("a")).LastTurnId is not null, Cancellation);

        using var first = await other.Http.DeleteAsync($"/sessions/a?route={route}", Cancellation);
        using var second = await host.Http.DeleteAsync($"/sessions/a?route={route}", Cancellation);
        using var again = await host.Http.DeleteAsync($"/sessions/a?route={route}", Cancellation);

        Assert.All([first, second, again], answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        Assert.False(process.IsAlive());
        Assert.False(Directory.Exists(Path.Combine(cluster.SessionsPathOf(host), route)));
        Assert.Empty(cluster.Transcripts.Names);

        // The row is the front's to delete.
        Assert.NotNull(await cluster.Sessions.FindAsync(SessionId.Parse("a"), Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_ByRouteWhileATurnRuns_IsRefused()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending));
        await cluster.HasProcessAsync("a");
        var route = (await cluster.ReadSessionAsync("a")).RouteId.Value;

        using var busy = await host.Http.DeleteAsync($"/sessions/a?route={route}", Cancellation);
        using var nonsense = await host.Http.DeleteAsync("/sessions/a?route=../..", Cancellation);

        Assert.Equal(ProblemCodes.SessionBusy, (await RunningHost.ProblemAsync(busy)).Code);
        Assert.Equal(ProblemCodes.InvalidRequest, (await RunningHost.ProblemAsync(nonsense)).Code);
        Assert.True(Directory.Exists(Path.Combine(cluster.SessionsPathOf(host), route)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turns_ThatWereAnswered_AreCountedForTheirProfile()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var one = await cluster.RunAsync(host, "a", "t1", "say one");
        var two = await cluster.RunAsync(host, "b", "u1", "say two");
        await host.StopAsync();

        var rows = await cluster.Usage.ListAsync(DateOnly.MinValue, DateOnly.MaxValue, Cancellation).ToListAsync(Cancellation);
        var sum = rows.Where(row => row.Profile == "default").Aggregate(UsageTotals.None, (total, row) => total.Plus(row.Totals));
        Assert.Equal((2, one.Reply!.CostUsd + two.Reply!.CostUsd), (sum.Turns, sum.CostUsd));
        Assert.Equal(one.Reply!.Usage.OutputTokens + two.Reply!.Usage.OutputTokens, sum.OutputTokens);
    }

    private static async Task ConfigureAsync(HostCluster cluster, Func<SessionRecord, SessionRecord> change)
    {
        var now = TimeProvider.System.GetUtcNow();
        var session = new SessionRecord
        {
            SessionId = SessionId.Parse("a"),
            RouteId = RouteId.NewRouteId(),
            Profile = "default",
            ClaudeSessionId = Guid.NewGuid(),
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        await cluster.Sessions.AddAsync(change(session), Cancellation);
    }
}
