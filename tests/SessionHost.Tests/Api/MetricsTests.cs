using System.Net;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Api;

public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Metrics_AfterTurns_CountThemAndWhatTheyTook()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Transports:0=stream-json", "Profiles:default:Replay=never");
        await cluster.RunAsync(host, "room:1", "t1", "say a");
        await cluster.RunAsync(host, "room:1", "t2", "say b");
        await cluster.RunAsync(host, "room:2", "u1", "exit 3");

        // A callback is counted when its answer is read, which is after the front has received it.
        await Eventually.BecomesTrueAsync(
            async () => (await host.Http.GetStringAsync("/metrics", Cancellation)).Contains("broker_callbacks_total{result=\"accepted\"} 3", StringComparison.Ordinal),
            Cancellation);
        using var response = await host.Http.GetAsync("/metrics", Cancellation);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n');

        Assert.StartsWith("application/openmetrics-text", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Contains("broker_turns_total{outcome=\"completed\",transport=\"stream-json\"} 2", lines);
        Assert.Contains("broker_tries_total{outcome=\"process_crashed\",transport=\"stream-json\"} 1", lines);
        Assert.Contains("broker_turn_duration_seconds_count 3", lines);
        Assert.Contains("broker_turn_duration_seconds_bucket{le=\"+Inf\"} 3", lines);
        Assert.Contains("broker_process_starts_total{kind=\"new\"} 2", lines);
        Assert.Contains("broker_process_ends_total{exit=\"failed\"} 1", lines);
        Assert.Contains("broker_callbacks_total{result=\"accepted\"} 3", lines);
        Assert.Contains("broker_processes_limit 20", lines);
        Assert.Contains("broker_sessions{state=\"Idle\"} 1", lines);
        Assert.Equal("# EOF", lines[^2]);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Metrics_Text_HasEachFamilyOnceWithItsTypeFirst()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "room:1", "t1", "say a");

        var lines = (await host.Http.GetStringAsync("/metrics", Cancellation)).Split('\n');

        var families = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(families.Distinct(), families);
        foreach (var sample in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            Assert.Matches(@"^[a-z_]+(\{[a-z]+=""[^""]*""(,[a-z]+=""[^""]*"")*\})? -?[0-9.E+-]+$", sample);
            Assert.Contains(families, family => sample.StartsWith(family, StringComparison.Ordinal));
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Ready_WhileTheHostBeats_AndNoLongerWhenItDrains()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await Eventually.BecomesTrueAsync(() => host.Get<BeatClock>().IsCurrent, Cancellation);

        Assert.Equal("ready", await host.Http.GetStringAsync("/healthz/ready", Cancellation));
        using var drain = await host.Http.PostAsync("/drain", null, Cancellation);
        using var after = await host.Http.GetAsync("/healthz/ready", Cancellation);

        using var stranger = new HttpClient { BaseAddress = host.Http.BaseAddress };
        using var told = await stranger.GetAsync("/healthz/ready", Cancellation);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining"), (after.StatusCode, await after.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready"), (told.StatusCode, await told.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("ok", await stranger.GetStringAsync("/healthz", Cancellation));
    }
}
