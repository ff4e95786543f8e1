using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Harness;

/// <summary>A functions app of some classes of this assembly, on a port of its own, with a folder of its own.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly TempDirectory _folder;
    private readonly IHost _host;

    private TestApp(TempDirectory folder, IHost host, LogSink logs)
    {
        _folder = folder;
        _host = host;
        Logs = logs;
        Client = new HttpClient { BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    public HttpClient Client { get; }

    public LogSink Logs { get; }

    public IServiceProvider Services => _host.Services;

    public string SecretsFolder => _folder.Combine(".secrets");

    /// <param name="functions">The classes whose functions the app has.</param>
    /// <param name="configure">Changes the app before it is built.</param>
    /// <param name="hostJson">What host.json holds.</param>
    /// <param name="settings">The app's settings.</param>
    public static async Task<TestApp> StartAsync(
        Type[] functions,
        Action<FunctionsApplicationBuilder>? configure = null,
        string hostJson = """{ "version": "2.0" }""",
        params (string Key, string Value)[] settings)
    {
        var folder = new TempDirectory();
        try
        {
            await File.WriteAllTextAsync(folder.Combine("host.json"), hostJson);
            var logs = new LogSink();
            var builder = FunctionsApplication.CreateBuilder(
                ["--urls=http://127.0.0.1:0", $"--contentRoot={folder.Path}", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")],
                FunctionSource.Of(functions));
            builder.ConfigureFunctionsWebApplication();
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
            configure?.Invoke(builder);
            var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new TestApp(folder, host, logs);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }
}
