using System.Net;
using System.Net.Http.Headers;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Api;

/// <summary>A host whose callers have to show an identity beside the key.</summary>
public sealed class IdentityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Calls_NeedTheKeyAndTheFrontsIdentity()
    {
        var caller = Guid.NewGuid();
        await using var tenant = await TestTenant.StartAsync(Cancellation);
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync(
            "host-1",
            $"Identity:Instance={tenant.Instance}",
            $"Identity:TenantId={tenant.Id}",
            $"Identity:Audience={TestTenant.Audience}",
            $"Identity:Callers:0={caller}");
        using var stranger = new HttpClient { BaseAddress = host.Http.BaseAddress };

        Assert.Equal(HttpStatusCode.OK, await AskAsync(host.Http, tenant.Issue(caller)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host.Http, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(host.Http, tenant.Issue(Guid.NewGuid())));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(stranger, tenant.Issue(caller)));
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
