using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable;

/// <summary>A durable task engine with its task hub in Table storage.</summary>
public sealed class TaskHub : IAsyncDisposable
{
    public TaskHub(
        TableServiceClient tables, TaskHubOptions options, DurableTaskRegistry registry, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
    }

    /// <summary>Starts orchestrations and talks to them and to entities.</summary>
    public DurableTaskClient Client => throw new NotSupportedException("The engine is not in this revision.");

    /// <summary>Takes the hub over and resumes what was running in it.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets what runs finish and gives the hub up.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
