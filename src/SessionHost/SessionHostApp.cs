using FunctionsBroker.Access;
using FunctionsBroker.SessionHost.Api;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Metrics;
using FunctionsBroker.Telemetry;

namespace FunctionsBroker.SessionHost;

/// <summary>Builds the session host's web application.</summary>
internal static class SessionHostApp
{
    /// <param name="addStores">Adds the stores; tests add their own.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> addStores)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = HostEndpoints.MaxBodyBytes);
        addStores(builder);
        builder.Configuration.AddSessionBrokerFile();
        builder.Services.AddSessionHost(builder.Configuration);
        builder.Services.AddBrokerTelemetry(builder.Configuration, "session-host");

        var app = builder.Build();
        app.Services.GetRequiredService<MetricsCollector>(); // from the first measurement on
        app.UseExceptionHandler();
        app.Use((context, next) =>
        {
            // What is answered is what it says it is.
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.MapHostApi(app.Services.GetRequiredService<CallerGate>());
        return app;
    }
}
