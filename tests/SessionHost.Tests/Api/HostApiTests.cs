using System.Net;
using System.Text;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Api;

public sealed class HostApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Calls_WithoutTheKey_AreRefusedButForHealth()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        using var stranger = new HttpClient { BaseAddress = host.Http.BaseAddress };

        Assert.Equal("ok", await stranger.GetStringAsync("/healthz", Cancellation));
        Assert.Equal(["nosniff"], (await stranger.GetAsync("/healthz", Cancellation)).Headers.GetValues("X-Content-Type-Options"));
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "/sessions/a/turns"), (HttpMethod.Get, "/sessions/a/turns/b"),
            (HttpMethod.Get, "/sessions/a/turns/b/events"), (HttpMethod.Post, "/sessions/a/turns/b/cancel"),
            (HttpMethod.Post, "/sessions/a/permissions/b"), (HttpMethod.Get, "/sessions"), (HttpMethod.Get, "/sessions/a"),
            (HttpMethod.Delete, "/sessions/a"), (HttpMethod.Post, "/drain"),
        })
        {
            foreach (var key in new[] { null, "", "wrong-key", RunningHost.HostKey + "x" })
            {
                using var request = new HttpRequestMessage(method, path);
                request.Headers.Add(BrokerHeaders.HostKey, key is null ? [] : [key]);
                using var response = await stranger.SendAsync(request, Cancellation);
                Assert.Equal(ProblemCodes.Unauthorized, (await RunningHost.ProblemAsync(response)).Code);
            }
        }
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("{", ProblemCodes.InvalidJson)]
    [InlineData("null", ProblemCodes.InvalidJson)]
    [InlineData("""{"turnId":"t"}""", ProblemCodes.InvalidJson)]
    [InlineData("""{"turnId":"..","epoch":1,"attempt":1,"prompt":"x","callbackUrl":"http://x/"}""", ProblemCodes.InvalidTurnId)]
    [InlineData("""{"turnId":"t","epoch":1,"attempt":1,"prompt":" ","callbackUrl":"http://x/"}""", ProblemCodes.PromptEmpty)]
    [InlineData("""{"turnId":"t","epoch":-1,"attempt":1,"prompt":"x","callbackUrl":"http://x/"}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"turnId":"t","epoch":1,"attempt":0,"prompt":"x","callbackUrl":"http://x/"}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"turnId":"t","epoch":1,"attempt":1,"prompt":"x","callbackUrl":"/x"}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"turnId":"t","epoch":1,"attempt":1,"prompt":"x","callbackUrl":"file:///x"}""", ProblemCodes.InvalidRequest)]
    [InlineData("""{"turnId":"t","epoch":1,"attempt":1,"prompt":"x","callbackUrl":"http://x/","profile":"nope"}""", ProblemCodes.UnknownProfile)]
    public async Task Submit_BodyThatCannotBeRun_IsAProblem(string body, string code)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await host.Http.PostAsync("/sessions/a/turns", content, Cancellation);

        Assert.Equal(code, (await RunningHost.ProblemAsync(response)).Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Calls_OnWhatIsNotThere_AreProblemsOrNothing()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        using var badId = await host.Http.GetAsync("/sessions/a%09b/turns/t", Cancellation);
        using var turn = await host.Http.GetAsync("/sessions/a/turns/t", Cancellation);
        using var cancel = await host.Http.PostAsync("/sessions/a/turns/t/cancel", null, Cancellation);
        using var delete = await host.Http.DeleteAsync("/sessions/a", Cancellation);

        Assert.Equal(ProblemCodes.InvalidSessionId, (await RunningHost.ProblemAsync(badId)).Code);
        Assert.Equal(ProblemCodes.TurnNotFound, (await RunningHost.ProblemAsync(turn)).Code);
        Assert.Equal(ProblemCodes.TurnNotFound, (await RunningHost.ProblemAsync(cancel)).Code);
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_PromptOverTheLimit_IsAProblem()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var request = await cluster.PrepareAsync(host, "a", "t", new string('a', (1024 * 1024) + 1));

        Assert.Equal(ProblemCodes.PromptTooLarge, (await host.RefusedAsync("a", request)).Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_BodyOverTheLimit_IsAProblem()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sessions/a/turns");
        request.Content = new ByteArrayContent(new byte[37 * 1024 * 1024]);

        // The host hangs up on who goes on sending: only who waits for its word can be sure to hear it.
        request.Headers.ExpectContinue = true;
        using var response = await host.Http.SendAsync(request, Cancellation);

        Assert.Equal(ProblemCodes.BodyTooLarge, (await RunningHost.ProblemAsync(response)).Code);
    }
}
