using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FunctionsBroker.Access;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>Front and hosts that know each other by their identities.</summary>
public sealed class IdentityTests : RunningFrontTest, IAsyncLifetime
{
    private static readonly Guid s_front = Guid.NewGuid();
    private static readonly Guid s_host = Guid.NewGuid();

    private TestTenant _tenant = null!;

    public async ValueTask InitializeAsync()
    {
        _tenant = await TestTenant.StartAsync(Cancellation);
        foreach (var (name, value) in _tenant.IdentityVariables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _tenant.IdentityVariables.Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        await _tenant.DisposeAsync();
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_IsAnswered_EachSideShowingItsIdentity()
    {
        await using var front = await StartAsync();
        front.Host().Token = _tenant.Issue(s_host);

        await front.AcceptAsync("s", "t", "say hello");
        var ended = await front.EndedAsync("s", "t");

        Assert.Equal(TurnStatus.Completed, ended.Status);
        var gate = new CallerGate(
            [],
            new IdentityOptions { Instance = _tenant.Instance, TenantId = _tenant.Id, Audience = TestTenant.Audience, Callers = { s_front } },
            NullLogger<CallerGate>.Instance);
        Assert.NotEmpty(front.Host().Shown);
        foreach (var authorization in front.Host().Shown)
        {
            Assert.True(await gate.AdmitsAsync(null, authorization), "The front's token does not count.");
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Callback_OfAnybodyElse_IsRefused()
    {
        await using var front = await StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync(front, RunningFront.CallbackKey, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync(front, null, _tenant.Issue(s_host)));
        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync(front, RunningFront.CallbackKey, _tenant.Issue(s_front)));
        Assert.Equal(HttpStatusCode.NotFound, await TellAsync(front, RunningFront.CallbackKey, _tenant.Issue(s_host)));
    }

    private Task<RunningFront> StartAsync() => RunningFront.StartAsync(
        hosts: 1,
        ("Identity:Instance", _tenant.Instance.AbsoluteUri),
        ("Identity:TenantId", _tenant.Id.ToString()),
        ("Identity:Audience", TestTenant.Audience),
        ("Identity:ClientId", s_front.ToString()),
        ("Identity:Callers:0", s_host.ToString()));

    private static async Task<HttpStatusCode> TellAsync(RunningFront front, string? key, string? token)
    {
        using var http = new HttpClient();
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(BrokerHeaders.CallbackKey, key);
        }

        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var finished = new TurnFinished { SessionId = "s", TurnId = "t", Epoch = 1, Outcome = AttemptOutcome.Completed };
        using var answer = await http.PostAsJsonAsync(new Uri(front.Url, "/api/callbacks/turns"), finished, ContractsJsonContext.Default.TurnFinished, Cancellation);
        return answer.StatusCode;
    }
}
