using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace FunctionsBroker.Telemetry;

public static class TelemetryServiceCollectionExtensions
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Disabled = "OTEL_SDK_DISABLED";

    /// <summary>
    /// Sends traces, metrics and logs to the OpenTelemetry endpoint that the standard environment variables name
    /// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>_PROTOCOL</c>, <c>_HEADERS</c>, …). Without an endpoint nothing is collected.
    /// </summary>
    /// <param name="service">The program's name; <c>OTEL_SERVICE_NAME</c> overrides it.</param>
    public static IServiceCollection AddBrokerTelemetry(this IServiceCollection services, IConfiguration configuration, string service)
    {
        ArgumentNullException.ThrowIfNull(configuration);

        if (string.IsNullOrWhiteSpace(configuration[Endpoint]) || string.Equals(configuration[Disabled], "true", StringComparison.OrdinalIgnoreCase))
        {
            return services;
        }

        var resource = ResourceBuilder.CreateEmpty().AddService(service, "FunctionsBroker").AddTelemetrySdk().AddEnvironmentVariableDetector();
        services.AddLogging(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.IncludeScopes = true;
            options.SetResourceBuilder(resource).AddOtlpExporter();
        }));
        return services.AddHostedService(_ => new TelemetryExport(resource));
    }
}
