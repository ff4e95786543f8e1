using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Tests.Harness;
using FunctionsBroker.Functions.Tests.Sessions;
using FunctionsBroker.Functions.Usage;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Tests.Usage;

public sealed class BudgetCheckTests : IDisposable
{
    private readonly SetTime _time = new(SessionsFixture.Noon);
    private readonly InMemorySessionStore _sessions = new();
    private readonly InMemoryUsageStore _usage = new();
    private readonly BrokerOptions _broker = new();
    private readonly ProfileSpending _profiles;
    private readonly SessionSpending _spending;

    public BudgetCheckTests()
    {
        _profiles = new ProfileSpending(_usage, _time);
        _spending = new SessionSpending(_sessions, Options.Create(_broker), _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _profiles.Dispose();

    [Fact]
    public async Task Check_WithoutBudgets_TakesEveryTurn()
    {
        await SpendAsync("s", 1000, budgetUsd: null);

        Assert.Null(await CheckAsync("s"));
        Assert.Null(await CheckAsync("another"));
    }

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1, true)]
    [InlineData(1.1, true)]
    public async Task Check_SessionWithABudget_IsRefusedWhenItIsSpent(double spent, bool refused)
    {
        await SpendAsync("s", (decimal)spent, budgetUsd: 1);

        var problem = await CheckAsync("s");

        Assert.Equal(refused ? ProblemCodes.BudgetSpent : null, problem?.Code);
        Assert.False(problem?.Retryable ?? false);
        Assert.Null(problem?.RetryAfterSeconds);
    }

    [Fact]
    public async Task Check_SessionWithoutABudgetOfItsOwn_HasThatOfItsProfile()
    {
        _broker.Budgets["default"] = new BudgetOptions { SessionCostUsd = 2 };
        await SpendAsync("spent", 2, budgetUsd: null);
        await SpendAsync("more", 2, budgetUsd: 3);

        Assert.Equal(ProblemCodes.BudgetSpent, (await CheckAsync("spent"))?.Code);
        Assert.Null(await CheckAsync("more"));
    }

    [Fact]
    public async Task Check_BudgetOfZero_TakesNoTurnAtAll()
    {
        await SpendAsync("s", 0, budgetUsd: 0);

        Assert.Equal(ProblemCodes.BudgetSpent, (await CheckAsync("s"))?.Code);
    }

    [Fact]
    public async Task Check_SpendingGoesOn_IsSeenAfterASecond()
    {
        var added = await SpendAsync("s", 0.5m, budgetUsd: 1);
        Assert.Null(await CheckAsync("s"));

        await _sessions.UpdateAsync(added, added.Value with { Totals = new UsageTotals { CostUsd = 1 } }, Cancellation);
        Assert.Null(await CheckAsync("s"));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProblemCodes.BudgetSpent, (await CheckAsync("s"))?.Code);
    }

    [Fact]
    public async Task Check_SessionWithoutABudget_IsLookedAtOnceAMinute()
    {
        Assert.Null(await CheckAsync("s"));
        await SpendAsync("s", 5, budgetUsd: 1);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(await CheckAsync("s"));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await CheckAsync("s"));
    }

    [Fact]
    public async Task Check_SessionConfiguredAnew_IsLookedAtAtOnce()
    {
        Assert.Null(await CheckAsync("s"));
        await SpendAsync("s", 5, budgetUsd: 1);

        _spending.Forget(SessionId.Parse("s"));

        Assert.NotNull(await CheckAsync("s"));
    }

    [Fact]
    public async Task Check_ProfileWhoseMonthIsSpent_SaysWhenTheNextBegins()
    {
        _broker.Budgets["coder"] = new BudgetOptions { CostUsd = 10 };
        await UseAsync(new DateOnly(2026, 11, 1), "coder", "host-1", 6);
        await UseAsync(new DateOnly(2026, 11, 21), "coder", "host-2", 4);

        var problem = await CheckAsync("s", "coder");

        Assert.Equal(ProblemCodes.BudgetSpent, problem?.Code);
        Assert.Equal((int)TimeSpan.FromDays(9.5).TotalSeconds, problem?.RetryAfterSeconds);
        Assert.Null(await CheckAsync("s", "default"));
    }

    [Fact]
    public async Task Check_ProfileOfTheMonthBefore_DoesNotCount()
    {
        _broker.Budgets["coder"] = new BudgetOptions { CostUsd = 10 };
        await UseAsync(new DateOnly(2026, 10, 31), "coder", "host-1", 100);

        Assert.Null(await CheckAsync("s", "coder"));
    }

    [Fact]
    public async Task Check_ProfileByTheDay_BeginsAnewAtMidnight()
    {
        _broker.Budgets["default"] = new BudgetOptions { CostUsd = 1, Period = BudgetPeriod.Day };
        await UseAsync(new DateOnly(2026, 11, 20), "default", "host-1", 5);
        Assert.Null(await CheckAsync("s"));

        await UseAsync(new DateOnly(2026, 11, 21), "default", "host-1", 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((int)TimeSpan.FromHours(12).TotalSeconds - 2, (await CheckAsync("s"))?.RetryAfterSeconds);

        _time.Advance(TimeSpan.FromHours(12));
        Assert.Null(await CheckAsync("s"));
    }

    [Fact]
    public async Task Check_SessionUnderAProfile_CountsForThatProfile()
    {
        _broker.Budgets["coder"] = new BudgetOptions { CostUsd = 1 };
        await UseAsync(new DateOnly(2026, 11, 21), "coder", "host-1", 1);
        await _sessions.AddAsync(SessionsFixture.NewSession("s") with { Profile = "coder" }, Cancellation);

        Assert.NotNull(await CheckAsync("s"));
        Assert.Null(await CheckAsync("s", "default"));
    }

    private Task<Problem?> CheckAsync(string session, string? profile = null) =>
        new BudgetCheck(_spending, _profiles, Options.Create(_broker)).FindProblemAsync(
            new TurnSubmission { SessionId = SessionId.Parse(session), TurnId = TurnId.Parse("t"), Prompt = "p", Profile = profile },
            Cancellation);

    private Task<Versioned<SessionRecord>> SpendAsync(string session, decimal spent, decimal? budgetUsd) =>
        _sessions.AddAsync(
            SessionsFixture.NewSession(session) with { BudgetUsd = budgetUsd, Totals = new UsageTotals { CostUsd = spent } },
            Cancellation);

    private Task UseAsync(DateOnly day, string profile, string writer, decimal cost) =>
        _usage.SaveAsync(new UsageRecord(day, profile, writer) { Totals = new UsageTotals { Turns = 1, CostUsd = cost } }, Cancellation);
}
