using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Hosting;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>The whole front in this process, on an emulator of its own, with fake session hosts.</summary>
internal sealed class RunningFront : IAsyncDisposable
{
    public const string CallbackKey = "callback-key-of-the-tests";

    private readonly Azurite _azurite;
    private readonly TempDirectory _folder;
    private readonly IHost _host;
    private readonly List<FakeHost> _hosts = [];
    private readonly HttpClient _http;

    private RunningFront(Azurite azurite, TempDirectory folder, IHost host)
    {
        (_azurite, _folder, _host) = (azurite, folder, host);
        Url = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(4) };
        var keys = JsonNode.Parse(File.ReadAllText(folder.Combine(".secrets", "host.json")))!;
        _http.DefaultRequestHeaders.Add("x-functions-key", (string)keys["functionKeys"]![0]!["value"]!);
    }

    public Uri Url { get; }

    public string ConnectionString => _azurite.ConnectionString;

    public ITurnStore Turns => Get<ITurnStore>();

    public DurableTaskClient Durable => _host.Services.GetRequiredService<FunctionsRuntime>().Durable!.ClientFor(new DurableClientAttribute());

    /// <summary>Something of the front, as its functions get it.</summary>
    public T Get<T>()
        where T : notnull =>
        _host.Services.GetRequiredService<T>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="settings">Settings of the section <c>Broker</c> that differ from the defaults of the tests.</param>
    public static async Task<RunningFront> StartAsync(int hosts = 1, params (string Key, string Value)[] settings)
    {
        var azurite = await Azurite.StartInMemoryAsync(Cancellation);
        var folder = new TempDirectory();
        File.Copy(RepositoryRoot.Combine("src", "Functions", "host.json"), folder.Combine("host.json"));
        (string Key, string Value)[] all =
        [
            ("CallbackBaseUrl", "http://front.test"), ("CallbackKey", CallbackKey), ("HostKey", "host-key-of-the-tests"),
            ("ProbeInterval", "00:00:00.5"), ("MaxWaitingTurns", "3"), .. settings,
        ];
        var builder = FunctionsApplication.CreateBuilder(
            ["--urls=http://127.0.0.1:0", $"--contentRoot={folder.Path}", $"--AzureWebJobsStorage={azurite.ConnectionString}", .. all.Select(setting => $"--Broker:{setting.Key}={setting.Value}")],
            FunctionSource.Of(typeof(SessionEntity).Assembly));
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.AddBrokerStorage(builder.Configuration);
        builder.Services.AddFront(builder.Configuration);
        builder.Services.AddSingleton(new FastPace { Patience = TestTimeouts.Default });
        builder.Logging.ClearProviders();
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        var front = new RunningFront(azurite, folder, host);
        for (var number = 1; number <= hosts; number++)
        {
            await front.AddHostAsync($"host-{number}");
        }

        return front;
    }

    public async Task<FakeHost> AddHostAsync(string id)
    {
        var host = await FakeHost.StartAsync(id, Turns, _host.Services.GetRequiredService<IHostStore>(), Url);
        _hosts.Add(host);
        return host;
    }

    /// <summary>The host of this name; the newest where one has begun anew.</summary>
    public FakeHost Host(string id = "host-1") => _hosts.Last(host => host.Id == id);

    /// <summary>The host that runs the turn now.</summary>
    public async Task<FakeHost> HostOfAsync(string session, string turn)
    {
        TurnResource? found = null;
        await Eventually.BecomesTrueAsync(async () => (found = await GetAsync(session, turn)) is { Attempts.Count: > 0 }, Cancellation);
        var host = Host(found!.Attempts[^1].HostId);
        await host.HoldsAsync(turn);
        return host;
    }

    public async Task<HttpResponseMessage> SubmitAsync(string session, string turn, SubmitTurnRequest body, int waitSeconds = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{session}/turns?wait={waitSeconds}");
        request.Headers.Add("Idempotency-Key", turn);
        request.Content = JsonContent.Create(body, ContractsJsonContext.Default.SubmitTurnRequest);
        return await _http.SendAsync(request, Cancellation);
    }

    /// <summary>Submits a turn that must be accepted.</summary>
    public async Task AcceptAsync(string session, string turn, string prompt, OnBusy onBusy = OnBusy.Queue, int? deadlineSeconds = null)
    {
        var body = new SubmitTurnRequest { Prompt = prompt, OnBusy = onBusy.ToString().ToLowerInvariant(), DeadlineSeconds = deadlineSeconds };
        using var answer = await SubmitAsync(session, turn, body);
        Assert.True((int)answer.StatusCode is 202 or 200, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Any call of the API.</summary>
    public async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await _http.SendAsync(request, Cancellation);
    }

    public Task<HttpResponseMessage> CancelAsync(string session, string turn, int waitSeconds = 0) =>
        _http.PostAsync(new Uri($"/api/sessions/{session}/turns/{turn}/cancel?wait={waitSeconds}", UriKind.Relative), null, Cancellation);

    public async Task<TurnResource> GetAsync(string session, string turn) =>
        (await _http.GetFromJsonAsync($"/api/sessions/{session}/turns/{turn}", ContractsJsonContext.Default.TurnResource, Cancellation))!;

    public async Task<TurnResource> EndedAsync(string session, string turn)
    {
        TurnResource? found = null;
        await Eventually.BecomesTrueAsync(async () => (found = await GetAsync(session, turn)).Status.IsTerminal(), Cancellation);
        return found!;
    }

    /// <summary>Waits until the session's mailbox knows that its turns have ended, which is a moment after their rows say so.</summary>
    public Task FreeAsync(string session) =>
        Eventually.BecomesTrueAsync(
            async () =>
                await Durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(SessionId.Parse(session)), includeState: true, Cancellation)
                    is { State: { Running: null, Waiting.Count: 0 } },
            Cancellation);

    public static async Task<TurnResource> ReadTurnAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, Cancellation))!;

    public static async Task<Problem> ReadProblemAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Problem, Cancellation))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _azurite.DisposeAsync();
        _folder.Dispose();
    }
}
