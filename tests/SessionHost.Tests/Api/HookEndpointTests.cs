using System.Net;
using System.Text;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.SessionHost.Api;
using FunctionsBroker.SessionHost.Metrics;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.SessionHost.Tests.Api;

public sealed class HookEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Post_WithTheProcessesSecret_ReachesItByBothOfItsNames()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        List<HookEvent> told = [];
        using var route = host.Get<HookRoutes>().Open(["0123", "chat-1"], (happened, _) =>
        {
            told.Add(happened);
            return Task.FromResult(HookAnswer.None);
        });

        var byRoute = await PostAsync(host, "/hooks/0123/Stop", route.Secret, """{"hook_event_name":"Stop","prompt_id":"p1","last_assistant_message":"x"}""");
        var byTheSeedsAddress = await PostAsync(host, $"/hooks/chat-1/complete?secret={route.Secret}", null, string.Empty);

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [byRoute.Status, byTheSeedsAddress.Status]);
        Assert.Equal([new HookEvent.Stopped("x") { PromptId = "p1" }, new HookEvent.Stopped(null)], told);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Post_WithoutTheSecretOrWithNonsense_ReachesNobody()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        using var route = host.Get<HookRoutes>().Open(["0123"], (_, _) => throw new InvalidOperationException("It was reached."));

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(host, "/hooks/0123/Stop", null, "{}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(host, "/hooks/0123/Stop", RunningHost.HostKey, "{}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(host, "/hooks/4567/Stop", route.Secret, "{}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(host, "/hooks/0123/Stop", route.Secret, "[")).Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Post_PermissionRequest_IsAnsweredWithTheDecision()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        using var route = host.Get<HookRoutes>().Open(["0123"], (_, _) => Task.FromResult(HookAnswer.Of(new PermissionDecision.Allow())));

        var (status, body) = await PostAsync(host, "/hooks/0123/PermissionRequest", route.Secret, """{"tool_name":"Write"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"allow"}}}""", body);
    }

    [Theory]
    [InlineData("127.0.0.1", StatusCodes.Status204NoContent)]
    [InlineData("::1", StatusCodes.Status204NoContent)]
    [InlineData("::ffff:127.0.0.1", StatusCodes.Status204NoContent)]
    [InlineData("10.0.0.7", StatusCodes.Status401Unauthorized)]
    [InlineData("::ffff:10.0.0.7", StatusCodes.Status401Unauthorized)]
    public async Task Take_CallerFromAnotherMachine_IsRefusedEvenWithTheSecret(string caller, int status)
    {
        var routes = new HookRoutes();
        using var metrics = new HostMetrics();
        using var route = routes.Open(["0123"], (_, _) => Task.FromResult(HookAnswer.None));
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.RemoteIpAddress = IPAddress.Parse(caller);
        context.Request.Headers.Authorization = $"Bearer {route.Secret}";

        var result = await HookEndpoint.TakeAsync("0123", "Stop", context.Request, routes, metrics);
        await result.ExecuteAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(RunningHost host, string path, string? secret, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {secret}");
        }

        using var response = await host.Http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
