using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Hosting;
using FunctionsBroker.Local.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Sets up a functions app: its services, configuration and middleware.</summary>
/// <remarks>
/// Where the published package starts a worker that a separate host process talks to, this one starts host and worker in
/// one process. Its configuration is the real host's: host.json, local.settings.json, the environment, the command line.
/// </remarks>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly WorkerPipeline _pipeline = new();
    private readonly WorkerModel _model = new();
    private readonly HostJson _hostJson;
    private bool _built;

    internal FunctionsApplicationBuilder(string[] args, FunctionSource functions)
    {
        var scriptRoot = HostConfiguration.FindScriptRoot(args);
        _web = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = scriptRoot });
        _hostJson = ReadSettings(scriptRoot);
        _web.Configuration.AddLogLevels(_hostJson.LogLevels);
        if (string.IsNullOrEmpty(_web.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            _web.WebHost.UseUrls(HostConfiguration.DefaultUrls(args, _web.Configuration));
        }

        _web.Services.AddRouting();
        _web.Services.AddFunctionsRuntime(functions, _hostJson, _pipeline, _model);
    }

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    public ConfigurationManager Configuration => _web.Configuration;

    public IHostEnvironment Environment => _web.Environment;

    public ILoggingBuilder Logging => _web.Logging;

    public IMetricsBuilder Metrics => _web.Metrics;

    public IServiceCollection Services => _web.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    /// <summary>Builds the app; its functions are checked here, and what is wrong with one is said by name.</summary>
    /// <exception cref="InvalidOperationException">The app was built before, or a function is declared wrongly.</exception>
    /// <exception cref="NotSupportedException">A function uses what the local runtime leaves out.</exception>
    public IHost Build()
    {
        ThrowIfBuilt();
        _built = true;

        // Last, so that the app's own hosted services run before any function does and end after the last one.
        Services.AddHostedService<FunctionsRuntimeService>();
        var app = _web.Build();
        try
        {
            var runtime = app.Services.GetRequiredService<FunctionsRuntime>();
            app.MapFunctions(runtime.Endpoints, _hostJson.Http, app.Services.GetRequiredService<HttpThrottle>());
            return app;
        }
        catch (Exception exception) when (StartFailures.Mark(exception))
        {
            throw;
        }
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
        => ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ThrowIfBuilt();
        _pipeline.Use(middleware);
        return this;
    }

    internal void UseWeb()
    {
        ThrowIfBuilt();
        _model.HasWeb = true;
        Services.AddMvcCore();
    }

    private HostJson ReadSettings(string scriptRoot)
    {
        try
        {
            _web.Configuration.AddLocalSettings(LocalSettings.Read(scriptRoot));
            var bodyLimit = RequestBodyLimit.Read(_web.Configuration);
            _web.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = bodyLimit);
            return HostJsonReader.Read(scriptRoot, _web.Configuration);
        }
        catch (Exception exception) when (StartFailures.Mark(exception))
        {
            throw;
        }
    }

    private void ThrowIfBuilt()
    {
        if (_built)
        {
            throw new InvalidOperationException("The application has already been built.");
        }
    }
}
