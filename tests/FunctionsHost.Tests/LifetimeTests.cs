using System.Diagnostics;
using System.Net;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.FunctionsHost.Tests;

/// <summary>Settings of host.json, and how host and worker end and come back.</summary>
public sealed class LifetimeTests(HostFixture fixture) : HostTest(fixture)
{
    [Fact(Timeout = Patience)]
    public async Task Settings_OfTheApp_ChangeWhatHostJsonSays()
    {
        await using var host = await StartAsync(
            ("AzureFunctionsJobHost__extensions__http__customHeaders__x-host", "local"),
            ("AzureFunctionsJobHost__extensions__http__maxConcurrentRequests", "1"),
            ("AzureFunctionsJobHost__extensions__http__maxOutstandingRequests", "1"),
            ("AzureWebJobsDisableHomepage", "true"),
            ("AzureWebJobs__Echo__Disabled", "true"));
        using var http = new HttpClient { BaseAddress = host.Url };

        using (var moved = await http.GetAsync(new Uri("/api/hello/Ada", UriKind.Relative), Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
            Assert.Equal("local", Assert.Single(moved.Headers.GetValues("x-host")));
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/api/echo"));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync("/"));

        var slow = http.GetAsync(new Uri("/api/slow/only?ms=600000", UriKind.Relative), Cancellation);
        await WaitForLineAsync(host, "Slow only began");
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("/api/hello/Ada"));

        // Told to stop, it lets what runs end for a while, then tells it to; the caller is not left without an answer.
        Assert.Equal(0, await host.StopAsync());
        Assert.Contains("Slow only was cancelled", host.Output(), StringComparison.Ordinal);
        using var answer = await slow;
        Assert.False(answer.IsSuccessStatusCode);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact(Timeout = Patience)]
    public async Task Answer_WithoutAByteForLong_IsCut()
    {
        await using var host = await StartAsync(("FunctionsHost__HttpIdleTimeout", "00:00:01"));
        using var http = new HttpClient { BaseAddress = host.Url };

        using var answer = await http.GetAsync(new Uri("/api/slow/silent?ms=600000", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        await WaitForLineAsync(host, "Slow silent was cancelled");
    }

    [Fact(Timeout = Patience)]
    public async Task Worker_ThatIsKilled_IsStartedAgain_AndItsCallersAreToldSo()
    {
        await using var host = await StartAsync();
        using var http = new HttpClient { BaseAddress = host.Url };
        var slow = http.GetAsync(new Uri("/api/slow/killed?ms=600000", UriKind.Relative), Cancellation);
        await WaitForLineAsync(host, "Slow killed began");

        var pid = await host.KillWorkerAsync();

        using (var answer = await slow)
        {
            Assert.True((int)answer.StatusCode >= 500, $"{answer.StatusCode}");
        }

        // Until the host notices, a request may still go to the worker that has gone; from then on requests wait for the next one.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var answer = await http.GetAsync(new Uri("/api/hello/Ada", UriKind.Relative), Cancellation);
                return answer.IsSuccessStatusCode;
            },
            Cancellation,
            TimeSpan.FromMinutes(3));
        Assert.NotEqual(pid, host.WorkerPid);
    }

    [Fact(Timeout = Patience)]
    public async Task Host_ThatIsKilled_TakesItsWorkerAlong()
    {
        await using var host = await StartAsync();
        using var worker = Process.GetProcessById(host.WorkerPid!.Value);

        await host.KillAsync();

        await worker.WaitForExitAsync(Cancellation);
    }

    [Fact(Timeout = Patience)]
    public async Task Host_WhoseParentIsGone_StopsInOrder()
    {
        var host = await StartAsync();

        await host.DisposeAsync();

        Assert.Contains("Stopping", host.Output(), StringComparison.Ordinal);
    }

    private Task<FunctionsHostProcess> StartAsync(params (string Name, string Value)[] settings) =>
        FunctionsHostProcess.StartAsync(HostFixture.AppFolder, Fixture.Settings(settings), Cancellation);
}
