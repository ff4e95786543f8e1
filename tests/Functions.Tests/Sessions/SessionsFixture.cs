using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Sessions;
using FunctionsBroker.Functions.Tests.Harness;
using FunctionsBroker.Functions.Usage;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Tests.Sessions;

/// <summary>What handles sessions at the front, over stores in memory and hosts that answer as they are told.</summary>
internal sealed class SessionsFixture : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly HttpClient _http;
    private readonly HostDirectory _directory;

    public SessionsFixture()
    {
        Hosts = new StubHosts(Time);
        _http = new HttpClient(Hosts);
        _directory = new HostDirectory(Hosts.Store, Time);
        Client = new HostSessionsClient(_http);
        Live = new LiveSessions(_directory, Client, Time);
        Reader = new SessionReader(Sessions, Live);
        Spending = new SessionSpending(Sessions, Options.Create(Broker), Time);
        Configurator = new SessionConfigurator(Sessions, _directory, Live, Spending, Options.Create(Broker), Time);
    }

    public SetTime Time { get; } = new(Noon);

    public BrokerOptions Broker { get; } = new();

    public InMemorySessionStore Sessions { get; } = new();

    public InMemoryTurnStore Turns { get; } = new();

    public StubHosts Hosts { get; }

    public HostDirectory Directory => _directory;

    public HostSessionsClient Client { get; }

    public LiveSessions Live { get; }

    public SessionReader Reader { get; }

    public SessionSpending Spending { get; }

    public SessionConfigurator Configurator { get; }

    public static SessionRecord NewSession(string id) => new()
    {
        SessionId = SessionId.Parse(id),
        RouteId = RouteId.NewRouteId(),
        Profile = "default",
        ClaudeSessionId = Guid.NewGuid(),
        CreatedAt = Noon,
        LastUsedAt = Noon,
        ExpiresAt = Noon.AddDays(1),
    };

    public Task<Versioned<SessionRecord>> AddAsync(SessionRecord session) => Sessions.AddAsync(session, CancellationToken.None);

    public async Task<SessionRecord> ReadAsync(string id) =>
        (await Sessions.FindAsync(SessionId.Parse(id), CancellationToken.None))!.Value;

    public void Dispose()
    {
        _directory.Dispose();
        _http.Dispose();
        Hosts.Dispose();
    }
}
