using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Access.Tests;

public sealed class CallerGateTests : IAsyncLifetime
{
    private const string Key = "the-key-of-the-tests";
    private static readonly Guid s_front = Guid.NewGuid();

    private TestTenant _tenant = null!;

    public async ValueTask InitializeAsync() => _tenant = await TestTenant.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _tenant.DisposeAsync();

    [Fact]
    public void NothingAsked_IsNoGate() =>
        Assert.Throws<ArgumentException>(() => new CallerGate([null, ""], new IdentityOptions(), NullLogger<CallerGate>.Instance));

    [Theory]
    [InlineData(Key, true)]
    [InlineData("spare-key-of-the-tests", true)]
    [InlineData("another", false)]
    [InlineData(null, false)]
    public async Task KeysOnly_EitherOpens(string? shown, bool opens) =>
        Assert.Equal(opens, await new CallerGate([Key, "spare-key-of-the-tests"], new IdentityOptions(), NullLogger<CallerGate>.Instance).AdmitsAsync(shown, null));

    [Fact]
    public async Task IdentityOnly_ATokenOfANamedOneOpens()
    {
        var gate = Gate();

        Assert.True(await gate.AdmitsAsync(null, Bearer(_tenant.Issue(s_front))));
        Assert.True(await gate.AdmitsAsync(null, "bearer " + _tenant.Issue(s_front)));
        Assert.Equal(1, _tenant.KeysAsked);
    }

    [Fact]
    public async Task KeyAndIdentity_BothMustBeShown()
    {
        var gate = Gate(Key);
        var token = Bearer(_tenant.Issue(s_front));

        Assert.True(await gate.AdmitsAsync(Key, token));
        Assert.False(await gate.AdmitsAsync(null, token));
        Assert.False(await gate.AdmitsAsync(Key, null));
    }

    [Fact]
    public async Task TokenOfEitherVersion_Opens()
    {
        var client = Guid.NewGuid().ToString();
        var gate = Gate(audience: "api://" + client);

        Assert.True(await gate.AdmitsAsync(null, Bearer(_tenant.Issue(s_front, audience: client))));
        Assert.True(await gate.AdmitsAsync(null, Bearer(_tenant.Issue(s_front, audience: "api://" + client, issuer: $"https://sts.windows.net/{_tenant.Id}/"))));
    }

    [Fact]
    public async Task TokenThatIsNotForUs_DoesNotOpen()
    {
        var gate = Gate();
        string?[] shown =
        [
            null, "", "Bearer", "Bearer ", "Bearer nonsense", "Bearer a.b.c", "Basic dXNlcjpwYXNz",
            _tenant.Issue(s_front),
            Bearer(_tenant.Issue(Guid.NewGuid())),
            Bearer(_tenant.Issue(s_front, audience: "api://another")),
            Bearer(_tenant.Issue(s_front, issuer: _tenant.Issuer.Replace(_tenant.Id.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal))),
            Bearer(_tenant.Issue(s_front, age: TimeSpan.FromHours(2))),
            Bearer(_tenant.Issue(s_front, age: -TimeSpan.FromHours(1))),
            Bearer(_tenant.Issue(s_front, isSigned: false)),
            Bearer(_tenant.Issue(s_front, key: TestTenant.NewKey())),
        ];

        foreach (var authorization in shown)
        {
            Assert.False(await gate.AdmitsAsync(null, authorization), authorization);
        }
    }

    [Fact]
    public async Task TenantChangesItsKey_TheNewOneIsFetched()
    {
        var gate = Gate();
        Assert.True(await gate.AdmitsAsync(null, Bearer(_tenant.Issue(s_front))));

        _tenant.ChangeKey();

        // The library fetches anew on an unknown key, in the background at most once in a while.
        await Eventually.BecomesTrueAsync(
            async () => await gate.AdmitsAsync(null, Bearer(_tenant.Issue(s_front))),
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RefusedToken_IsNotLogged()
    {
        var log = new ListLogger();
        var token = _tenant.Issue(s_front, audience: "api://another");

        await new CallerGate([], Identity(TestTenant.Audience), log).AdmitsAsync(null, Bearer(token));

        var line = Assert.Single(log.Lines);
        Assert.Contains("does not count", line, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], line, StringComparison.Ordinal);
    }

    private static string Bearer(string token) => "Bearer " + token;

    private CallerGate Gate(string? key = null, string audience = TestTenant.Audience) =>
        new([key], Identity(audience), NullLogger<CallerGate>.Instance);

    private IdentityOptions Identity(string audience) =>
        new() { Instance = _tenant.Instance, TenantId = _tenant.Id, Audience = audience, Callers = { s_front } };

    private sealed class ListLogger : ILogger<CallerGate>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
