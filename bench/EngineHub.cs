using System.Collections.Concurrent;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Bench;

/// <summary>A task hub on an Azurite of its own, with an orchestration of one entity call, one activity and one event.</summary>
internal sealed class EngineHub : IAsyncDisposable
{
    private const string HubName = "Bench";
    private const string Event = "Reply";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();
    private readonly Azurite _azurite;
    private readonly TaskHub _hub;
    private readonly TableClient _table;
    private int _numbers;

    private EngineHub(Azurite azurite)
    {
        _azurite = azurite;
        TableServiceClient tables = new(azurite.ConnectionString);
        _table = tables.GetTableClient(HubName + "Durable");
        DurableTaskRegistry registry = new();
        registry.AddEntity("Counter", (operation, _) =>
        {
            var count = operation.State.GetState<int>() + 1;
            operation.State.SetState(count);
            return Task.FromResult<object?>(count);
        });
        registry.AddActivity("Say", (_, _, _) => Task.FromResult<object?>("said"));
        registry.AddOrchestrator("Bench", OrchestrateAsync);
        _hub = new TaskHub(tables, new TaskHubOptions { HubName = HubName }, registry, NullLoggerFactory.Instance, TimeProvider.System);
    }

    public static async Task<EngineHub> StartAsync(CancellationToken cancellationToken)
    {
        EngineHub hub = new(await Azurite.StartOnDiskAsync(cancellationToken));
        await hub._hub.StartAsync(cancellationToken);
        return hub;
    }

    /// <summary>
    /// One orchestration as a client sees it: started, told to go on as soon as it waits for that, and waited for.
    /// </summary>
    /// <param name="purge">Whether it is removed afterwards.</param>
    public async Task RunAsync(bool purge, CancellationToken cancellationToken)
    {
        var id = $"bench-{Interlocked.Increment(ref _numbers)}";
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = waiting;
        await _hub.Client.ScheduleNewOrchestrationInstanceAsync("Bench", null, new StartOrchestrationOptions(id), cancellationToken);
        await waiting.Task.WaitAsync(cancellationToken);
        await _hub.Client.RaiseEventAsync(id, Event, "go", cancellationToken);
        var end = await _hub.Client.WaitForInstanceCompletionAsync(id, cancellationToken);
        if (end.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
        {
            throw new InvalidOperationException($"The orchestration {id} is {end.RuntimeStatus}.");
        }

        if (purge)
        {
            await _hub.Client.PurgeInstanceAsync(id, cancellationToken);
        }
    }

    /// <summary>Brings all rows up to date and counts them, those of the log included.</summary>
    public async Task<int> CountRowsAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _hub.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "none")).WithCancellation(cancellationToken))
        {
            throw new InvalidOperationException("There is an instance that nobody started.");
        }

        var rows = 0;
        await foreach (var _ in _table.QueryAsync<TableEntity>("", 1000, ["PartitionKey"], cancellationToken))
        {
            rows++;
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private async Task<object?> OrchestrateAsync(TaskOrchestrationContext context)
    {
        var count = await context.Entities.CallEntityAsync<int>(new EntityInstanceId("Counter", "bench"), "Add", 1);
        await context.CallActivityAsync<string>("Say", "b");
        if (!context.IsReplaying && _waiting.TryRemove(context.InstanceId, out var waiting))
        {
            waiting.TrySetResult();
        }

        await context.WaitForExternalEvent<string>(Event);
        return count;
    }
}
