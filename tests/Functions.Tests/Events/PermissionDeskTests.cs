using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Events;

public sealed class PermissionDeskTests : IDisposable
{
    private readonly InMemorySessionStore _sessions = new();
    private readonly InMemoryHostStore _hosts = new();
    private readonly HttpClient _http = new();
    private readonly HostDirectory _directory;
    private readonly PermissionDesk _desk;

    public PermissionDeskTests()
    {
        _directory = new HostDirectory(_hosts, TimeProvider.System);
        _desk = new PermissionDesk(_sessions, _directory, new HostEventsClient(_http));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Decide_WhatNoHostCanHaveAsked_GoesToNone(string requestId)
    {
        await PlaceAsync("host-1");

        Assert.Equal(ProblemCodes.PermissionNotFound, await DecideAsync(requestId));
    }

    [Fact]
    public async Task Decide_SessionThatNoHostHas_IsNoQuestion()
    {
        Assert.Equal(ProblemCodes.PermissionNotFound, await DecideAsync("request1"));
        await PlaceAsync(hostId: null);
        Assert.Equal(ProblemCodes.PermissionNotFound, await DecideAsync("request1"));
    }

    [Fact]
    public async Task Decide_HostThatIsNoLongerListed_IsNoQuestion()
    {
        await PlaceAsync("gone");

        Assert.Equal(ProblemCodes.PermissionNotFound, await DecideAsync("request1"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Decide_HostThatDoesNotAnswer_MayBeTriedAgain()
    {
        await PlaceAsync("host-1");
        await using (var host = await ScriptedHost.StartAsync("host-1"))
        {
            await _hosts.SaveAsync(host.Record, Cancellation);
        }

        Assert.Equal(ProblemCodes.HostUnreachable, await DecideAsync("request1"));
    }

    public void Dispose()
    {
        _http.Dispose();
        _directory.Dispose();
    }

    private async Task<string?> DecideAsync(string requestId) =>
        (await _desk.DecideAsync(TurnRows.Session, requestId, new PermissionAnswer { Decision = PermissionVerdict.Allow }, Cancellation))?.Code;

    private async Task PlaceAsync(string? hostId) =>
        await _sessions.AddAsync(
            new SessionRecord
            {
                SessionId = TurnRows.Session,
                RouteId = RouteId.NewRouteId(),
                Profile = "default",
                HostId = hostId,
                ClaudeSessionId = Guid.NewGuid(),
                CreatedAt = TurnRows.Began,
                LastUsedAt = TurnRows.Began,
                ExpiresAt = TurnRows.Began.AddDays(1),
            },
            Cancellation);
}
