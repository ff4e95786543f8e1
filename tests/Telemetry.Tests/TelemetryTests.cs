using System.Diagnostics;
using System.Diagnostics.Metrics;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Telemetry.Tests;

public sealed class TelemetryTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void AddBrokerTelemetry_WithoutAnEndpoint_AddsNothing()
    {
        var services = new ServiceCollection();

        services.AddBrokerTelemetry(new ConfigurationBuilder().Build(), "front");

        Assert.Empty(services);
    }

    [Fact]
    public void AddBrokerTelemetry_SwitchedOff_AddsNothing()
    {
        var services = new ServiceCollection();

        services.AddBrokerTelemetry(
            new ConfigurationBuilder().AddInMemoryCollection([new(Endpoint, "http://127.0.0.1:4317"), new("OTEL_SDK_DISABLED", "true")]).Build(),
            "front");

        Assert.Empty(services);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task AddBrokerTelemetry_WithAnEndpoint_SendsTracesMetricsAndLogsAtTheLatestAtTheEnd()
    {
        await using var collector = await Collector.StartAsync(Cancellation);

        // The exporter reads the standard variables from the process.
        Environment.SetEnvironmentVariable(Endpoint, collector.Url);
        Environment.SetEnvironmentVariable(Protocol, "http/protobuf");
        using var source = new ActivitySource("FunctionsBroker.Something");
        using var meter = new Meter("FunctionsBroker.Something");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddBrokerTelemetry(builder.Configuration, "a-program");
        using (var host = builder.Build())
        {
            await host.StartAsync(Cancellation);
            using (source.StartActivity("a-span"))
            {
                meter.CreateCounter<long>("a-counter").Add(1);
                LogLine(host.Services.GetRequiredService<ILogger<TelemetryTests>>());
            }

            await host.StopAsync(Cancellation);
        }

        Assert.True(collector.Has("traces", "a-span"));
        Assert.True(collector.Has("traces", "a-program"));
        Assert.True(collector.Has("metrics", "a-counter"));
        Assert.True(collector.Has("logs", "a-line"));
    }

    private static void LogLine(ILogger logger) => logger.LogInformation("a-line");
}
