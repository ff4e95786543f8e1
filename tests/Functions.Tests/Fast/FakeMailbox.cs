using System.Collections.Concurrent;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>Keeps the tickets that come for sessions' mailboxes.</summary>
internal sealed class FakeMailbox() : DurableTaskClient("fake")
{
    private readonly EntityClient _entities = new();

    public override DurableEntityClient Entities => _entities;

    public IReadOnlyCollection<TurnTicket> Tickets => _entities.Tickets;

    /// <summary>The turns that were to be cancelled.</summary>
    public IReadOnlyCollection<TurnId> Cancelled => _entities.Cancelled;

    /// <summary>Called before a ticket is taken; what it throws, the signal throws.</summary>
    public Action OnSignal
    {
        get => _entities.OnSignal;
        set => _entities.OnSignal = value;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => Task.FromResult<OrchestrationMetadata?>(null);

    public override Microsoft.DurableTask.AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    private sealed class EntityClient() : DurableEntityClient("fake")
    {
        public ConcurrentQueue<TurnTicket> Tickets { get; } = [];

        public ConcurrentQueue<TurnId> Cancelled { get; } = [];

        public Action OnSignal { get; set; } = () => { };

        public override async Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            OnSignal();
            if (input is CancelTurn cancelled)
            {
                Cancelled.Enqueue(cancelled.TurnId);
                return;
            }

            Tickets.Enqueue(Assert.IsType<SubmitTurn>(input).Ticket);
        }

        public override Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) => Task.FromResult<EntityMetadata<T>?>(null);

        public override Microsoft.DurableTask.AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) => throw new NotSupportedException();

        public override Microsoft.DurableTask.AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) => throw new NotSupportedException();

        public override Task<CleanEntityStorageResult> CleanEntityStorageAsync(CleanEntityStorageRequest? request = null, bool continueUntilComplete = true, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
