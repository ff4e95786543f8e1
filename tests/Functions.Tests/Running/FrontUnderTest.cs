using Azure.Storage.Queues;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;
using FunctionsBroker.TestKit.Storage;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>The front as it is built, in a process of its own, on an emulator of its own, and what looks into both. Tests share it one after the other.</summary>
/// <param name="settings">What differs from the settings of all tests; they are variables of the process.</param>
public abstract class FrontUnderTest(params (string Name, string Value)[] settings) : IAsyncLifetime
{
    public const string CallbackKey = "callback-key-of-the-tests";

    private static readonly (string Name, string Value)[] s_common =
    [
        ("Broker:CallbackBaseUrl", "http://front.test"),
        ("Broker:CallbackKey", CallbackKey),
        ("Broker:HostKey", "host-key-of-the-tests"),
        ("Broker:ProbeInterval", "00:00:00.5"),
        ("Broker:MaxWaitingTurns", "3"),

        // A busy machine may take its time to say yes; only silence is to be waited out.
        ("Broker:DispatchPatience", TestTimeouts.Default.ToString()),

        // One partition suits one process, and is there sooner than several.
        ("AzureFunctionsJobHost:extensions:durableTask:storageProvider:partitionCount", "1"),

        // As in Azure. The local host's 5 s let a killed one's work go on soon; on a busy machine messages come again before they
        // are worked on, and then it works on nothing else.
        ("FunctionsHost:Durable:ControlQueueVisibilityTimeout", "00:05:00"),
        ("FunctionsHost:Durable:WorkItemQueueVisibilityTimeout", "00:05:00"),
        ("FunctionsHost:Durable:LeaseRenewInterval", "00:00:10"),
        ("FunctionsHost:Durable:LeaseInterval", "00:00:30"),
    ];

    private Azurite? _azurite;
    private FrontProcess? _process;
    private Dictionary<string, string> _settings = [];
    private GrpcChannel? _channel;
    private DurableTaskClient? _durable;

    public FrontProcess Process => _process ?? throw NotStarted();

    public string ConnectionString => (_azurite ?? throw NotStarted()).ConnectionString;

    /// <summary>A client of the front's durable task hub.</summary>
    public DurableTaskClient Durable => _durable ?? throw NotStarted();

    /// <summary>The storage queues that there were as soon as it was ready.</summary>
    public IReadOnlyList<string> QueuesAtStart { get; private set; } = [];

    /// <summary>Makes the services of the front in this process, over the settings and the storage of the one that runs.</summary>
    public ServiceProvider CreateServices()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(_settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .AddInMemoryCollection([KeyValuePair.Create("AzureWebJobsStorage", (string?)ConnectionString)])
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddBrokerStorage(configuration)
            .AddFront(configuration)
            .BuildServiceProvider();
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_durable is not null)
        {
            await _durable.DisposeAsync();
        }

        _channel?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
            await KeepLogAsync(_process.Host.Output());
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        await CleanUpAsync();
    }

    /// <summary>The keys that open its functions, the tests' own first; one that is made where there are none.</summary>
    protected virtual IReadOnlyList<string> FunctionKeys => [];

    /// <returns>Settings that are known only when the front is to start.</returns>
    protected virtual Task<IReadOnlyList<(string Name, string Value)>> PrepareAsync() =>
        Task.FromResult<IReadOnlyList<(string Name, string Value)>>([]);

    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    private async Task StartAsync()
    {
        _settings = s_common.Concat(settings).Concat(await PrepareAsync()).ToDictionary(setting => setting.Name, setting => setting.Value);
        _azurite = await Azurite.StartInMemoryAsync(CancellationToken.None);
        _process = await FrontProcess.StartAsync(
            ConnectionString,
            _settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value),
            CancellationToken.None,
            FunctionKeys);
        QueuesAtStart = await ListQueuesAsync();
        _channel = GrpcChannel.ForAddress(Process.Host.DurableUrl);
        _durable = CreateDurable(_channel, Process.Host.Hub);
    }

    private async Task KeepLogAsync(string log)
    {
        var folder = Directory.CreateDirectory(RepositoryRoot.Combine("artifacts", "logs"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{GetType().Name}.log"), log);
    }

    private static GrpcDurableTaskClient CreateDurable(GrpcChannel channel, string hub)
    {
        // The extension serves every hub of its storage at one address, and is told by each call which one is meant.
        var calls = channel.Intercept(headers =>
        {
            headers.Add("Durable-TaskHub", hub);
            headers.Add("Durable-ConnectionName", "AzureWebJobsStorage");
            return headers;
        });
        return new GrpcDurableTaskClient("tests", new GrpcDurableTaskClientOptions { CallInvoker = calls, EnableEntitySupport = true }, NullLogger.Instance);
    }

    private async Task<IReadOnlyList<string>> ListQueuesAsync() =>
        await new QueueServiceClient(ConnectionString).GetQueuesAsync().Select(queue => queue.Name).ToListAsync();

    private static InvalidOperationException NotStarted() => new("The front was not started.");
}
