using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.LoopbackModel.Conversations;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Bench;

/// <summary>A <c>broker up</c> with one session host, to be looked at from outside.</summary>
internal sealed class BenchedHost : IAsyncDisposable
{
    private readonly TempDirectory _data;
    private readonly BrokerSystem _system;
    private readonly HttpClient _front;
    private readonly HttpClient _host;

    private BenchedHost(TempDirectory data, BrokerSystem system, LoopbackModelServer model)
    {
        _data = data;
        _system = system;
        Model = model;
        _front = new HttpClient { BaseAddress = system.Endpoints.Front.Url, Timeout = TimeSpan.FromMinutes(4) };
        _front.DefaultRequestHeaders.Add("x-functions-key", system.Endpoints.Front.Key);
        _front.DefaultRequestHeaders.Add("Prefer", "wait=200");
        _host = new HttpClient { BaseAddress = system.Endpoints.Hosts[0].Url };
        using var keys = JsonDocument.Parse(File.ReadAllText(data.Combine("keys.json")));
        _host.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, keys.RootElement.GetProperty("hostKey").GetString());
    }

    public LoopbackModelServer Model { get; }

    /// <summary>Where the host keeps its sessions' files.</summary>
    public string SessionsPath => _data.Combine("hosts", "host-1", "sessions");

    /// <param name="settings">Of the session host, as <c>Host__Name</c>.</param>
    public static async Task<BenchedHost> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in settings)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), cancellationToken);
        var data = new TempDirectory();
        return new BenchedHost(data, await BrokerSystem.StartAsync(data.Path, model.BaseUrl, hosts: 1), model);
    }

    /// <summary>Runs a turn.</summary>
    /// <returns>The turn, and what it took beyond the model's own time, in milliseconds.</returns>
    public async Task<(TurnResource Turn, double Overhead)> AskAsync(string session, string prompt, CancellationToken cancellationToken, string? profile = null)
    {
        var before = Model.Requests is [.., var last] ? last.Sequence : 0;
        var started = Stopwatch.GetTimestamp();
        using var response = await _front.PostAsJsonAsync(
            $"/api/sessions/{session}/turns",
            new SubmitTurnRequest { Prompt = prompt, Profile = profile },
            ContractsJsonContext.Default.SubmitTurnRequest,
            cancellationToken);
        var turn = await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, cancellationToken);
        var wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (turn?.Reply is null)
        {
            throw new InvalidOperationException($"No reply: {turn?.Problem}");
        }

        var model = Model.Requests.Where(request => request.Sequence > before && request.Kind == RequestKind.Turn).Sum(request => request.TotalMs ?? 0);
        return (turn, wall - model);
    }

    /// <summary>One page of a session's history, from the host itself.</summary>
    public async Task<double> ReadHistoryAsync(string session, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await _host.GetStringAsync($"/sessions/{session}/history?limit=4", cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>A gauge of the host.</summary>
    public async Task<double> ReadGaugeAsync(string name, CancellationToken cancellationToken)
    {
        var text = await _host.GetStringAsync("/metrics", cancellationToken);
        var line = text.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    public int FrontPid => _system.Endpoints.Front.Pid;

    /// <summary>The front's own process; null where it runs in the Functions host.</summary>
    public int? WorkerPid => FunctionsWorker.Find(FrontPid);

    /// <summary>The ports of the storage emulator.</summary>
    public IReadOnlySet<int> StoragePorts => _system.Endpoints.Storage.ConnectionString.Split(';')
        .Where(part => part.Contains("Endpoint=", StringComparison.Ordinal))
        .Select(part => new Uri(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]).Port)
        .ToHashSet();

    public int HostPid => _system.Endpoints.Hosts[0].Pid;

    public int StoragePid => _system.Endpoints.Storage.Pid;

    /// <summary>Waits until processes do next to nothing: at most a tenth of one processor together for ten seconds.</summary>
    /// <exception cref="TimeoutException">They were still busy after ten minutes.</exception>
    public static async Task SettleAsync(IReadOnlyList<int> pids, CancellationToken cancellationToken)
    {
        const int Looks = 60;
        for (var look = 0; look < Looks; look++)
        {
            var before = pids.Sum(ProcessFigures.ReadCpuMs);
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, cancellationToken);
            if (pids.Sum(ProcessFigures.ReadCpuMs) - before <= 1000)
            {
                return;
            }
        }

        throw new TimeoutException("The broker does not come to rest.");
    }

    /// <summary>What the host's process holds that is its own: no code, no shared pages.</summary>
    public long ReadPrivateBytes() => ProcessFigures.ReadPrivateBytes(HostPid);

    public async ValueTask DisposeAsync()
    {
        _front.Dispose();
        _host.Dispose();
        await _system.DisposeAsync();
        await Model.DisposeAsync();
        _data.Dispose();
    }
}
