using Azure.Data.Tables;
using Azure.Storage.Queues;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Platform.Tests;

/// <summary>One Azurite, and one host that runs the app <c>tests/PlatformApp</c>.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    private readonly TempDirectory _secrets = new();
    private Azurite? _azurite;
    private FunctionsHostProcess? _host;
    private GrpcDurableTaskClient? _durable;

    public FunctionsHostProcess Host => _host ?? throw new InvalidOperationException("The fixture was not initialized.");

    /// <summary>A client of the hub that the host runs now.</summary>
    public DurableTaskClient Durable => _durable ?? throw new InvalidOperationException("The fixture was not initialized.");

    public string ConnectionString => _azurite!.ConnectionString;

    public TableServiceClient Tables => new(ConnectionString);

    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>A client of a queue, which it makes when there is none yet.</summary>
    public async Task<QueueClient> QueueAsync(string name, CancellationToken cancellationToken)
    {
        var queue = new QueueClient(ConnectionString, name);
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        return queue;
    }

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartInMemoryAsync(CancellationToken.None);
        await StartHostAsync(CancellationToken.None);
    }

    /// <summary>Kills the host, and its worker with it, and starts another one over the same storage.</summary>
    public async Task KillHostAsync(CancellationToken cancellationToken)
    {
        await Host.KillAsync();
        await _durable!.DisposeAsync();
        await StartHostAsync(cancellationToken);
    }

    /// <summary>Kills the worker, and waits until the host has another one.</summary>
    public async Task KillWorkerAsync(CancellationToken cancellationToken)
    {
        var dead = await Host.KillWorkerAsync();
        await Eventually.BecomesTrueAsync(() => Host.WorkerPid is { } worker && worker != dead, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_durable is not null)
        {
            await _durable.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _secrets.Dispose();
    }

    private async Task StartHostAsync(CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = ConnectionString,
            ["AzureWebJobsSecretsPath"] = _secrets.Path,
        };
        _host = await FunctionsHostProcess.StartAsync(FunctionsHostProcess.AppFolder("FunctionsBroker.PlatformApp"), settings, cancellationToken);
        var options = new GrpcDurableTaskClientOptions { Address = _host.DurableUrl.AbsoluteUri, EnableEntitySupport = true };
        _durable = new GrpcDurableTaskClient("platform", options, NullLogger.Instance);
    }
}
