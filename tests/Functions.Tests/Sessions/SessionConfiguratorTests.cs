using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Functions.Sessions;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Sessions;

public sealed class SessionConfiguratorTests : IDisposable
{
    private readonly SessionsFixture _front = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _front.Dispose();

    [Fact]
    public async Task Put_UnknownSession_MakesIt()
    {
        var done = await DoAsync("s", new PutSessionRequest { Title = "T", Tags = ["b", "a", "b"], TtlSeconds = 90, BudgetUsd = 1.5m });

        Assert.True(done.IsNew);
        var session = await _front.ReadAsync("s");
        Assert.Equal("default", session.Profile);
        Assert.Equal("T", session.Title);
        Assert.Equal(["a", "b"], session.Tags);
        Assert.Equal(1.5m, session.BudgetUsd);
        Assert.Equal(SessionsFixture.Noon.AddSeconds(90), session.ExpiresAt);
        Assert.True(session.IsUnused);
    }

    [Fact]
    public async Task Put_UnknownSessionWithoutTtl_IsKeptForTheSettingsTime()
    {
        _front.Broker.UnusedSessionTtl = TimeSpan.FromHours(2);

        await DoAsync("s", new PutSessionRequest());

        Assert.Equal(SessionsFixture.Noon.AddHours(2), (await _front.ReadAsync("s")).ExpiresAt);
    }

    [Fact]
    public async Task Put_SessionThatIsThere_KeepsWhatIsNotTheCallers()
    {
        var before = SessionsFixture.NewSession("s") with
        {
            HostId = "host-1",
            Epoch = 4,
            Profile = "coder",
            Title = "old",
            Tags = ["old"],
            BudgetUsd = 1,
            LastTurnId = TurnId.Parse("t"),
        };
        await _front.AddAsync(before);

        var done = await DoAsync("s", new PutSessionRequest { Title = "new" });

        Assert.False(done.IsNew);
        var after = await _front.ReadAsync("s");
        Assert.Equal(before with { Title = "new", Tags = after.Tags, BudgetUsd = null }, after);
        Assert.Empty(after.Tags);
    }

    [Fact]
    public async Task Put_OtherProfile_HasTheProcessClosed()
    {
        await _front.AddAsync(SessionsFixture.NewSession("s") with { HostId = "host-1", Epoch = 1 });
        await _front.Hosts.AddAsync("host-1");

        await DoAsync("s", new PutSessionRequest { Title = "same profile" });
        Assert.Empty(_front.Hosts.Calls);

        await DoAsync("s", new PutSessionRequest { Profile = "coder" });
        Assert.Equal(["POST http://host-1/sessions/s/recycle"], _front.Hosts.Calls);
    }

    [Fact]
    public async Task Put_ProfileThatNoHostHas_IsRefusedAndChangesNothing()
    {
        await _front.Hosts.AddAsync("host-1");

        Assert.Equal(ProblemCodes.UnknownProfile, await RefusedAsync("s", new PutSessionRequest { Profile = "nobodys" }));
        Assert.Null(await _front.Sessions.FindAsync(SessionId.Parse("s"), Cancellation));
    }

    [Fact]
    public async Task Put_SessionThatIsBeingDeleted_IsRefused()
    {
        await _front.AddAsync(SessionsFixture.NewSession("s") with { DeletingSince = SessionsFixture.Noon });

        Assert.Equal(ProblemCodes.SessionDeleting, await RefusedAsync("s", new PutSessionRequest()));
    }

    [Fact]
    public async Task Put_ManyAtOnce_AllSucceedAndOneMakesIt()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(index =>
            Task.Run(() => _front.Configurator.PutAsync(SessionId.Parse("s"), new PutSessionRequest { Title = $"{index}" }, Cancellation), Cancellation)));

        Assert.Single(outcomes, outcome => Assert.IsType<PutOutcome.Done>(outcome).IsNew);
    }

    private async Task<PutOutcome.Done> DoAsync(string session, PutSessionRequest request) =>
        Assert.IsType<PutOutcome.Done>(await _front.Configurator.PutAsync(SessionId.Parse(session), request, Cancellation));

    private async Task<string> RefusedAsync(string session, PutSessionRequest request) =>
        Assert.IsType<PutOutcome.Refused>(await _front.Configurator.PutAsync(SessionId.Parse(session), request, Cancellation)).Problem.Code;
}
