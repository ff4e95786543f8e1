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
public sealed class IdentityTests(IdentityFront running) : RunningFrontTest(running), IClassFixture<IdentityFront>
{
    private readonly TestTenant _tenant = running.Tenant;

    [Fact(Timeout = Patience)]
    public async Task Turn_IsAnswered_EachSideShowingItsIdentity()
    {
        await using var front = await StartAsync();
        front.Host().Token = _tenant.Issue(running.HostId);

        await front.AcceptAsync(Session, "t", "say hello");
        var ended = await front.EndedAsync(Session, "t");

        Assert.Equal(TurnStatus.Completed, ended.Status);
        var gate = new CallerGate(
            [],
            new IdentityOptions { Instance = _tenant.Instance, TenantId = _tenant.Id, Audience = TestTenant.Audience, Callers = { running.FrontId } },
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
        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync(front, null, _tenant.Issue(running.HostId)));
        Assert.Equal(HttpStatusCode.Unauthorized, await TellAsync(front, RunningFront.CallbackKey, _tenant.Issue(running.FrontId)));
        Assert.Equal(HttpStatusCode.NotFound, await TellAsync(front, RunningFront.CallbackKey, _tenant.Issue(running.HostId)));
    }

    private async Task<HttpStatusCode> TellAsync(RunningFront front, string? key, string? token)
    {
        using var http = new HttpClient();
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add(BrokerHeaders.CallbackKey, key);
        }

        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var finished = new TurnFinished { SessionId = Session, TurnId = "t", Epoch = 1, Outcome = AttemptOutcome.Completed };
        using var answer = await http.PostAsJsonAsync(new Uri(front.Url, "/api/callbacks/turns"), finished, ContractsJsonContext.Default.TurnFinished, Cancellation);
        return answer.StatusCode;
    }
}
