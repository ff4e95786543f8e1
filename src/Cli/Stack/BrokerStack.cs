using System.Collections;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Cli.Processes;
using FunctionsBroker.Cli.Supervision;
using FunctionsBroker.Contracts.Endpoints;

namespace FunctionsBroker.Cli.Stack;

/// <summary>The whole broker on this machine: storage, front, session hosts and, for the demo, the model.</summary>
internal sealed class BrokerStack : IAsyncDisposable
{
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);

    private readonly StackPlan _plan;
    private readonly DataFolder _data;
    private readonly BrokerSecrets _secrets;
    private readonly PartLog _log;
    private readonly TimeProvider _time;
    private readonly Guardian _guardian = Guardian.Start();
    private readonly HttpClient _http = new() { Timeout = s_probeTimeout };
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProcessRecord> _records = [];
    private readonly List<Part> _hosts = [];
    private Part? _azurite;
    private Part? _model;
    private Part? _front;
    private bool _ready;
    private int _disposed;

    private BrokerStack(StackPlan plan, DataFolder data, BrokerSecrets secrets, PartLog log, TimeProvider time)
    {
        _plan = plan;
        _data = data;
        _secrets = secrets;
        _log = log;
        _time = time;
    }

    public string DataPath => _data.Path;

    /// <summary>Where everything is now.</summary>
    public EndpointsFile Endpoints => new()
    {
        Front = new FrontEndpoint(_plan.FrontUrl, _secrets.FunctionKey, _front?.Pid ?? 0) { OpenAiKey = _secrets.OpenAiKey },
        Hosts = [.. _plan.Hosts().Zip(_hosts, (plan, part) => new HostEndpoint(plan.Id, plan.Url, part.Pid))],
        Storage = new StorageEndpoint(_plan.ConnectionString, _azurite?.Pid ?? 0),
        Model = _plan.ModelUrl is { } url ? new ModelEndpoint(url, _model?.Pid ?? 0) : null,
    };

    /// <summary>Takes the data folder and starts all parts; on return they are ready and their endpoints are written down.</summary>
    /// <exception cref="CommandException">The folder or the port is in use, or a part does not start. Nothing is left running.</exception>
    public static async Task<BrokerStack> StartAsync(StackOptions options, PartLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        var repository = Repository.Find();
        var data = DataFolder.Acquire(options.DataPath);
        BrokerStack stack;
        try
        {
            log.KeepIn(data.LogPath);
            foreach (var name in data.KillLeftovers())
            {
                log.Write("up", $"killed {name}, which an earlier run had left");
            }

            var secrets = BrokerSecrets.LoadOrCreate(data, account => log.Write(
                "up",
                $"storage has a new account, '{account.Name}': what this folder kept under 'devstoreaccount1' is left alone and no longer used"));
            var environment = CurrentEnvironment();
            BrokerSecrets.SetCallerKeys(data, OperatorEnvironment.CallerKeys(environment));
            var ports = PortPlan.LoadOrChoose(data, options.Port, options.Hosts);
            stack = new BrokerStack(new StackPlan(repository, options, data, ports, secrets, environment), data, secrets, log, time);
        }
        catch
        {
            data.Dispose();
            throw;
        }

        try
        {
            await stack.StartPartsAsync(cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops all parts in good order: the hosts first, while the front still takes their last results, then what the
    /// others stand on.
    /// </summary>
    /// <param name="now">Kills what is still running at once.</param>
    public async Task StopAsync(CancellationToken now)
    {
        _data.RemoveEndpoints();
        await Task.WhenAll(_hosts.Select(host => host.StopAsync(now)));
        foreach (var part in (Part?[])[_front, _model, _azurite])
        {
            if (part is not null)
            {
                await part.StopAsync(now);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        foreach (var part in Parts())
        {
            await part.DisposeAsync();
        }

        await _guardian.DisposeAsync();
        _http.Dispose();
        _data.RemoveEndpoints();
        _data.Dispose();
    }

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        var readiness = new Readiness(_http, _time);
        var azurite = _plan.Azurite();
        _azurite = Start(azurite);
        await readiness.WaitAsync(_azurite, azurite, cancellationToken);

        var waits = new List<Task>();
        Part StartAndWait(PartCommand command)
        {
            var part = Start(command);
            waits.Add(readiness.WaitAsync(part, command, cancellationToken));
            return part;
        }

        if (_plan.ModelUrl is not null)
        {
            _model = StartAndWait(_plan.Model());
        }

        _front = StartAndWait(_plan.Front());
        foreach (var host in _plan.Hosts())
        {
            _hosts.Add(StartAndWait(host.Command));
        }

        await Task.WhenAll(waits);
        lock (_lock)
        {
            _ready = true;
            _data.WriteEndpoints(Endpoints);
        }
    }

    private Part Start(PartCommand command) => new(command, _guardian, _log, _time, WriteDown);

    // Called by a part that has a new process, before that process runs.
    private void WriteDown(string name, int pid)
    {
        lock (_lock)
        {
            if (ProcessIdentity.Of(pid) is { } identity)
            {
                _records[name] = new ProcessRecord(name, identity);
            }

            _data.WriteRecords([.. _records.Values]);
            if (_ready)
            {
                _data.WriteEndpoints(Endpoints);
            }
        }
    }

    private IEnumerable<Part> Parts() => ((Part?[])[.. _hosts, _front, _model, _azurite]).OfType<Part>();

    private static Dictionary<string, string> CurrentEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
}
