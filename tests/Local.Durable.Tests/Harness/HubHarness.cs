using System.Text.Json;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Ownership;
using FunctionsBroker.TestKit.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Tests.Harness;

/// <summary>A task hub of a test's own on the shared Azurite, with the code that it runs.</summary>
internal sealed class HubHarness : IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private TaskHub? _hub;

    public HubHarness(AzuriteFixture azurite, TimeProvider? time = null)
        : this(azurite.ConnectionString, time)
    {
    }

    public HubHarness(string connectionString, TimeProvider? time = null)
    {
        _connectionString = connectionString;
        _time = time ?? TimeProvider.System;
        Options.HubName = AzuriteFixture.UniqueName("hub");
        Options.LeaseDuration = TimeSpan.FromSeconds(2);
    }

    public DurableTaskRegistry Registry { get; } = new();

    public TaskHubOptions Options { get; } = new();

    public LogSink Logs { get; } = new();

    /// <summary>Settings of the table client, such as a transport that fails.</summary>
    public TableClientOptions? TableOptions { get; set; }

    public DurableTaskClient Client => (_hub ?? throw new InvalidOperationException("The hub was not started.")).Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public HubHarness Orchestrator<TInput, TOutput>(string name, Func<TaskOrchestrationContext, TInput, Task<TOutput>> run)
    {
        Registry.AddOrchestrator(name, async context => await run(context, context.GetInput<TInput>()!));
        return this;
    }

    public HubHarness Activity<TInput, TOutput>(string name, Func<TInput, TOutput> run) =>
        Activity<TInput, TOutput>(name, (input, _) => Task.FromResult(run(input)));

    public HubHarness Activity<TInput, TOutput>(string name, Func<TInput, CancellationToken, Task<TOutput>> run)
    {
        Registry.AddActivity(
            name,
            async (_, input, cancellationToken) =>
                await run(input is null ? default! : JsonSerializer.Deserialize<TInput>(input)!, cancellationToken));
        return this;
    }

    public HubHarness Entity<T>(string name)
        where T : ITaskEntity, new()
    {
        Registry.AddEntity(name, async (operation, _) => await new T().RunAsync(operation));
        return this;
    }

    public HubHarness Entity(string name, Func<TaskEntityOperation, object?> run)
    {
        Registry.AddEntity(name, (operation, _) => Task.FromResult(run(operation)));
        return this;
    }

    /// <summary>A hub over the same tables; the caller disposes of it.</summary>
    public TaskHub NewHub(OwnerIdentity identity) => new(
        new TableServiceClient(_connectionString, TableOptions), Options, Registry, Logs.Factory, _time, identity);

    public async Task<HubHarness> StartAsync()
    {
        // As a process that has ended, so that the next start need not wait: this test's process is alive.
        _hub = NewHub(OwnerIdentity.Current with { ProcessStart = "of a dead process" });
        await _hub.StartAsync(Cancellation);
        return this;
    }

    public async Task StopAsync()
    {
        if (_hub is not null)
        {
            await _hub.StopAsync(Cancellation);
            await _hub.DisposeAsync();
        }
    }

    /// <summary>Ends the hub as a crash would, and starts another.</summary>
    public async Task CrashAndRestartAsync()
    {
        await DisposeAsync();
        await StartAsync();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Has instances written to their rows, as a query does.</summary>
    public async Task CheckpointAsync()
    {
        await foreach (OrchestrationMetadata instance in Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "none")))
        {
            Assert.Fail($"There is {instance.InstanceId}.");
        }
    }

    public Task<string> ScheduleAsync(string name, object? input = null, string? id = null) => Client.ScheduleNewOrchestrationInstanceAsync(
        name, input, id is null ? null : new StartOrchestrationOptions(id), Cancellation);

    public Task RaiseAsync(string id, string name, object? payload = null) => Client.RaiseEventAsync(id, name, payload, Cancellation);

    public Task<OrchestrationMetadata> CompletionAsync(string id) => Client.WaitForInstanceCompletionAsync(id, true, Cancellation);

    /// <summary>Runs an orchestration to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, string? id = null) =>
        await CompletionAsync(await ScheduleAsync(name, input, id));

    public async Task<TOutput?> RunAsync<TOutput>(string name, object? input = null)
    {
        OrchestrationMetadata end = await RunAsync(name, input);
        Assert.True(end.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{end.RuntimeStatus}: {end.FailureDetails}");
        return end.ReadOutputAs<TOutput>();
    }

    public Task SignalAsync(string entity, string operation, object? input = null, DateTimeOffset? at = null) =>
        Client.Entities.SignalEntityAsync(
            EntityInstanceId.FromString(entity), operation, input, at is null ? null : new SignalEntityOptions { SignalTime = at }, Cancellation);

    public async Task<T?> StateAsync<T>(string entity)
    {
        EntityMetadata<T>? metadata = await Client.Entities.GetEntityAsync<T>(EntityInstanceId.FromString(entity), cancellation: Cancellation);
        return metadata is { IncludesState: true } ? metadata.State : default;
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }
}
