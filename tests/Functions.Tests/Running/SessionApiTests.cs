using System.Net;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class SessionApiTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Put_ThenGetAndList_ShowTheSession()
    {
        await using var front = await StartAsync();

        var (one, two) = ($"{Session}:1", $"{Session}:2");

        using var made = await front.PutAsync(one, new PutSessionRequest { Title = "Support", Tags = ["vip", "eu"], TtlSeconds = 3600, BudgetUsd = 2.5m });
        using var again = await front.PutAsync(one, new PutSessionRequest { Title = "Sales", Tags = ["eu"] });
        await front.ConfigureAsync(two, new PutSessionRequest { Tags = ["vip"] });

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal($"/api/sessions/{one}", made.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var found = await front.ReadAsync($"/api/sessions/{one}", ContractsJsonContext.Default.SessionResource);
        Assert.Equal((SessionStatus.New, "Sales", "default", 0), (found.Status, found.Title, found.Profile, found.WaitingTurns));
        Assert.Equal(["eu"], found.Tags);
        Assert.Null(found.BudgetUsd);
        Assert.Equal([two], await ListAsync(front, "?tag=vip"));
        Assert.Equal([one, two], await ListAsync(front, "?status=new&profile=default"));
        Assert.Empty(await ListAsync(front, $"?host={front.HostId("host-1")}"));
    }

    [Fact(Timeout = Patience)]
    public async Task List_PageByPage_GivesEverySessionOnce()
    {
        await using var front = await StartAsync(hosts: 0);
        var ids = Enumerable.Range(0, 5).Select(index => $"{Session}-{index}").ToList();
        foreach (var id in ids)
        {
            await front.ConfigureAsync(id, new PutSessionRequest { Tags = [Session] });
        }

        var first = await front.ReadAsync($"/api/sessions?tag={Session}&limit=3", ContractsJsonContext.Default.SessionPage);
        var second = await front.ReadAsync($"/api/sessions?tag={Session}&limit=3&after={first.Next}", ContractsJsonContext.Default.SessionPage);

        Assert.Null(second.Next);
        Assert.Equal(ids, first.Sessions.Concat(second.Sessions).Select(session => session.SessionId).Order());
    }

    [Fact(Timeout = Patience)]
    public async Task Get_SessionWhoseTurnsWait_SaysHowMany()
    {
        await using var front = await StartAsync();
        await front.PlaceAsync(Session, front.HostId("host-1"));
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold");
        await front.Host().HoldsAsync("t1");

        await Eventually.BecomesTrueAsync(
            async () => (await front.ReadAsync($"/api/sessions/{Session}", ContractsJsonContext.Default.SessionResource)).WaitingTurns == 1,
            Cancellation);
    }

    [Fact(Timeout = Patience)]
    public async Task History_PageByPage_GivesTheNewestTurnsFirst()
    {
        await using var front = await StartAsync();
        foreach (var turn in (string[])["t1", "t2", "t3"])
        {
            await front.AcceptAsync(Session, turn, $"say {turn}");
            await front.EndedAsync(Session, turn);
        }

        var first = await front.ReadAsync($"/api/sessions/{Session}/turns?limit=2&include=prompt", ContractsJsonContext.Default.TurnPage);
        var second = await front.ReadAsync($"/api/sessions/{Session}/turns?limit=2&before={first.Next}", ContractsJsonContext.Default.TurnPage);

        Assert.Equal([("t3", "say t3", "t3"), ("t2", "say t2", "t2")], first.Turns.Select(turn => (turn.TurnId, turn.Prompt, turn.Reply?.Text)));
        Assert.Equal(("t1", null), (Assert.Single(second.Turns).TurnId, second.Turns[0].Prompt));
        Assert.Null(second.Next);
    }

    [Fact(Timeout = Patience)]
    public async Task Hosts_AliveDrainingAndDead_AreListed()
    {
        await using var front = await StartAsync(hosts: 2);
        front.Host("host-2").Draining = true;
        await front.Host("host-2").BeatAsync();
        var dead = new HostRecord
        {
            HostId = front.HostId("host-0"),
            Url = new Uri("http://127.0.0.1:9"),
            StartedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
            HeartbeatAt = default,
            HeartbeatInterval = TimeSpan.FromMilliseconds(1),
        };
        await front.Get<IHostStore>().SaveAsync(dead, Cancellation);

        HostList list = null!;
        await Eventually.BecomesTrueAsync(
            async () => (list = await front.ReadAsync("/api/hosts", ContractsJsonContext.Default.HostList)) is { Hosts: [{ Status: HostStatus.Dead }, _, { Status: HostStatus.Draining }] },
            Cancellation);

        Assert.Equal(
            [(front.HostId("host-0"), HostStatus.Dead), (front.HostId("host-1"), HostStatus.Alive), (front.HostId("host-2"), HostStatus.Draining)],
            list.Hosts.Select(host => (host.HostId, host.Status)));
    }

    [Fact(Timeout = Patience)]
    public async Task Usage_ByProfileAndSession_IsSummedUp()
    {
        await using var front = await StartAsync(hosts: 0);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var used = new UsageTotals { Turns = 2, InputTokens = 10, OutputTokens = 20, CacheReadTokens = 30, CacheWriteTokens = 40, CostUsd = 1.25m };
        var usage = front.Get<IUsageStore>();
        await usage.SaveAsync(new UsageRecord(today, "coder", "host-1") { Totals = used }, Cancellation);
        await usage.SaveAsync(new UsageRecord(today, "coder", "host-2") { Totals = used }, Cancellation);
        await usage.SaveAsync(new UsageRecord(today, "a/b#c", "host-1") { Totals = used }, Cancellation);
        await usage.SaveAsync(new UsageRecord(today.AddDays(-40), "coder", "host-1") { Totals = used }, Cancellation);
        await front.PlaceAsync(Session, front.HostId("host-1"), session => session with { Totals = used, BudgetUsd = 5 });

        var report = await front.ReadAsync("/api/usage?limit=200", ContractsJsonContext.Default.UsageReport);
        var longer = await front.ReadAsync($"/api/usage?from={today.AddDays(-40):yyyy-MM-dd}&to={today:yyyy-MM-dd}", ContractsJsonContext.Default.UsageReport);

        Assert.Equal(["a/b#c", "coder"], report.Profiles.Select(profile => profile.Profile));
        Assert.Equal(used.Plus(used), report.Profiles[1].Usage);
        Assert.Equal((10m, 2.5m, BudgetPeriod.Day), (report.Profiles[1].Budget!.LimitUsd, report.Profiles[1].Budget!.SpentUsd, report.Profiles[1].Budget!.Period));
        Assert.Equal(3.75m, report.Total.CostUsd);
        Assert.Equal(5m, longer.Total.CostUsd);
        var session = Assert.Single(report.Sessions, session => session.SessionId == Session);
        Assert.Equal((Session, used, 5m), (session.SessionId, session.Usage, session.BudgetUsd));
    }

    [Fact(Timeout = Patience)]
    public async Task Submit_SessionWhoseBudgetIsSpent_Is429UntilItIsRaised()
    {
        await using var front = await StartAsync();
        await front.ConfigureAsync(Session, new PutSessionRequest { BudgetUsd = 0 });

        using var refused = await front.SubmitAsync(Session, "t", new SubmitTurnRequest { Prompt = "say hello" });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(ProblemCodes.BudgetSpent, (await RunningFront.ReadProblemAsync(refused)).Code);
        Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{Session}/turns/t")).Code);

        await front.ConfigureAsync(Session, new PutSessionRequest { BudgetUsd = 1 });
        using var taken = await front.SubmitAsync(Session, "t", new SubmitTurnRequest { Prompt = "say hello" }, waitSeconds: 110);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact(Timeout = Patience)]
    public async Task Call_WithAQueryThatMakesNoSense_Is400()
    {
        string[] paths =
        [
            "/api/sessions?limit=0", "/api/sessions?limit=201", "/api/sessions?limit=x", "/api/sessions?status=nonsense",
            "/api/sessions?after=a%09b", "/api/sessions?tag=%00", $"/api/sessions?host={new string('x', 129)}",
            $"/api/sessions/{Session}/turns?before=nonsense", $"/api/sessions/{Session}/turns?before=9999999999999999999~t", $"/api/sessions/{Session}/turns?include=everything",
            "/api/usage?from=yesterday", "/api/usage?from=2026-02-02&to=2026-02-01", "/api/usage?from=2020-01-01&to=2026-02-01",
        ];
        await using var front = await StartAsync(hosts: 0);

        foreach (var path in paths)
        {
            Assert.Equal((path, ProblemCodes.InvalidRequest), (path, (await front.FailAsync(HttpMethod.Get, path)).Code));
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Put_WithWhatIsNotAllowed_IsRefused()
    {
        (string Body, string Code)[] bodies =
        [
            ("""{"title":"\u0007"}""", ProblemCodes.InvalidRequest),
            ("""{"tags":["a b"]}""", ProblemCodes.InvalidRequest),
            ("""{"tags":[null]}""", ProblemCodes.InvalidRequest),
            ("""{"ttlSeconds":59}""", ProblemCodes.InvalidRequest),
            ("""{"ttlSeconds":99999999999}""", ProblemCodes.InvalidJson),
            ("""{"budgetUsd":-1}""", ProblemCodes.InvalidRequest),
            ("""{"profile":""}""", ProblemCodes.InvalidRequest),
            ("""{"profile":"nobodys"}""", ProblemCodes.UnknownProfile),
            ("null", ProblemCodes.InvalidJson),
            ("[]", ProblemCodes.InvalidJson),
        ];
        await using var front = await StartAsync();

        foreach (var (body, code) in bodies)
        {
            using var content = new StringContent(body);
            using var answer = await front.CallAsync(HttpMethod.Put, $"/api/sessions/{Session}", content);
            Assert.Equal((body, code), (body, (await RunningFront.ReadProblemAsync(answer)).Code));
        }
    }

    private async Task<IEnumerable<string>> ListAsync(RunningFront front, string query) =>
        (await front.ReadAsync($"/api/sessions{query}&limit=200", ContractsJsonContext.Default.SessionPage)).Sessions.Select(session => session.SessionId).Where(id => id.StartsWith(Session, StringComparison.Ordinal)).Order();
}
