using System.Net;
using System.Net.Http.Json;
using System.Text;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>A session host inside the test process, and a client of its API.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    public const string HostKey = "test-host-key-0123456789";
    public const string CallbackKey = "test-callback-key-0123456789";

    /// <summary>The longest, so that a machine that stands still for a while does not make a host fence itself off; tests of beats set their own.</summary>
    public const string HeartbeatInterval = "00:01:00";

    private readonly WebApplication _app;
    private bool _stopped;

    private RunningHost(WebApplication app, string hostId)
    {
        _app = app;
        HostId = hostId;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, HostKey);
    }

    public string HostId { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RunningHost> StartAsync(HostCluster cluster, string hostId, string workPath, string[] settings)
    {
        Dictionary<string, string?> configuration = new()
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Host:HostId"] = hostId,
            ["Host:HostKey"] = HostKey,
            ["Host:CallbackKey"] = CallbackKey,
            ["Host:WorkPath"] = workPath,
            ["Host:ClaudeBinary"] = cluster.ClaudeBinary,
            ["Host:HeartbeatInterval"] = HeartbeatInterval,
            ["Host:Profiles:default:Tools"] = "",
            ["Host:Profiles:default:SystemPrompt"] = "Answer.",
        };
        foreach (var setting in settings)
        {
            var (name, value) = setting.Split('=', 2) is [var n, var v] ? (n, v) : throw new FormatException(setting);
            configuration["Host:" + name] = value;
        }

        var app = SessionHostApp.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(configuration);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(new HostEnvironment(cluster.Environment));
            builder.Services.AddSingleton(cluster.InterruptGrace);
            builder.Services.AddSingleton<ISessionStore>(cluster.Sessions);
            builder.Services.AddSingleton<ITurnStore>(cluster.Turns);
            builder.Services.AddSingleton<ITranscriptStore>(cluster.Transcripts);
            builder.Services.AddSingleton<IHostStore>(cluster.Hosts);
            builder.Services.AddSingleton<IUsageStore>(cluster.Usage);
        });

        await StartAsync(app);
        return new RunningHost(app, hostId);
    }

    /// <summary>Starts a host without its look at the CLI, which PromptGuardTests are for and which no FakeCli stands.</summary>
    public static async Task StartAsync(WebApplication app)
    {
        await app.Services.GetServices<IHostedService>().OfType<PromptGuard>().Single().RememberAsync(Cancellation);
        await app.StartAsync(Cancellation);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<HttpResponseMessage> PostAsync(string session, HostTurnRequest request) =>
        Http.PostAsJsonAsync($"/sessions/{session}/turns", request, ContractsJsonContext.Default.HostTurnRequest, Cancellation);

    public async Task<HostTurn> AcceptAsync(string session, HostTurnRequest request)
    {
        using var response = await PostAsync(session, request);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.HostTurn, Cancellation))!;
    }

    public async Task<Problem> RefusedAsync(string session, HostTurnRequest request)
    {
        using var response = await PostAsync(session, request);
        return await ProblemAsync(response);
    }

    public static async Task<Problem> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Problem, Cancellation))!;
        Assert.Equal(problem.Status, (int)response.StatusCode);
        return problem;
    }

    public async Task<HostTurn?> FindAsync(string session, string turnId)
    {
        using var response = await Http.GetAsync($"/sessions/{session}/turns/{turnId}", Cancellation);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.HostTurn, Cancellation);
    }

    /// <param name="decision">The body.</param>
    public async Task<HttpResponseMessage> DecideAsync(string session, string requestId, string decision)
    {
        using var content = new StringContent(decision, Encoding.UTF8, "application/json");
        return await Http.PostAsync($"/sessions/{session}/permissions/{requestId}", content, Cancellation);
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        await _app.StopAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await _app.StopAsync(CancellationToken.None);
        }

        Http.Dispose();
        await _app.DisposeAsync();
    }
}
