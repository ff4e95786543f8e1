using System.Net.Http.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using FunctionsBroker.TestKit.Running;
using FunctionsBroker.TestKit.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>A session host over Azurite with the real CLI in front of the loopback model.</summary>
internal sealed class SoakHost : IAsyncDisposable
{
    public const string HostId = "host-1";

    private readonly TempDirectory _folder;
    private readonly Azurite _azurite;
    private readonly LoopbackModelServer _model;
    private readonly WebApplication _app;

    private SoakHost(TempDirectory folder, Azurite azurite, LoopbackModelServer model, WebApplication app, CallbackListener callbacks)
    {
        _folder = folder;
        _azurite = azurite;
        _model = model;
        _app = app;
        Callbacks = callbacks;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, RunningHost.HostKey);
    }

    public CallbackListener Callbacks { get; }

    public ITurnStore Turns => _app.Services.GetRequiredService<ITurnStore>();

    /// <summary>Where the host writes down its live processes.</summary>
    public string LiveFolder => _folder.Combine("work", "live");

    private HttpClient Http { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a host whose processes are the real CLI's.</summary>
    /// <param name="turnIdle">How long a process that starts, or has a turn, may be silent.</param>
    public static Task<SoakHost> StartAsync(int maxSessions, TimeSpan turnIdle) =>
        StartAsync(maxSessions, _ => RepositoryRoot.Combine("node_modules", ".bin", "claude"), [new("TurnIdle", $"{turnIdle}")], _ => { });

    /// <summary>Starts a host whose processes are the scripted stand-in, and whose turns and sessions are kept in memory.</summary>
    /// <param name="profile">Settings of the default profile.</param>
    public static Task<SoakHost> StartScriptedAsync(int maxSessions, params IEnumerable<KeyValuePair<string, string?>> profile) =>
        StartAsync(maxSessions, FakeCliBinary.Create, profile, services =>
        {
            services.AddSingleton<ITurnStore>(new InMemoryTurnStore());
            services.AddSingleton<ISessionStore>(new InMemorySessionStore());
        });

    private static async Task<SoakHost> StartAsync(
        int maxSessions,
        Func<TempDirectory, string> binary,
        IEnumerable<KeyValuePair<string, string?>> profile,
        Action<IServiceCollection> change)
    {
        var folder = new TempDirectory();
        var azurite = await Azurite.StartInMemoryAsync(Cancellation);
        var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        Dictionary<string, string?> settings = new()
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["Host:HostId"] = HostId,
            ["Host:HostKey"] = RunningHost.HostKey,
            ["Host:CallbackKey"] = RunningHost.CallbackKey,
            ["Host:WorkPath"] = folder.Combine("work"),
            ["Host:ClaudeBinary"] = binary(folder),
            ["Host:HeartbeatInterval"] = RunningHost.HeartbeatInterval,
            ["Host:MaxSessions"] = $"{maxSessions}",
            ["Host:TurnIdle"] = "00:00:10",
            ["Host:TurnMax"] = "00:10:00",
            ["Host:Profiles:default:Tools"] = "",
            ["Host:Profiles:default:SystemPrompt"] = "Answer.",
        };
        foreach (var (name, value) in profile)
        {
            settings[$"Host:Profiles:default:{name}"] = value;
        }

        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
            ["ANTHROPIC_BASE_URL"] = model.BaseUrl.ToString().TrimEnd('/'),
            ["ANTHROPIC_API_KEY"] = "test-key",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
        };
        var app = SessionHostApp.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(new HostEnvironment(environment));
            builder.Services.AddBrokerStorage(builder.Configuration).AddBrokerTranscripts(builder.Configuration);
            change(builder.Services);
        });
        await RunningHost.StartAsync(app);
        return new SoakHost(folder, azurite, model, app, await CallbackListener.StartAsync());
    }

    public Task<HttpResponseMessage> PostAsync(string session, HostTurnRequest request) =>
        Http.PostAsJsonAsync($"/sessions/{session}/turns", request, ContractsJsonContext.Default.HostTurnRequest, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Http.Dispose();
        await Callbacks.DisposeAsync();
        await _model.DisposeAsync();
        await _azurite.DisposeAsync();
        _folder.Dispose();
    }
}
