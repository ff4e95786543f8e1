using DurableTask.Core.Exceptions;
using FunctionsBroker.Local.Durable.Engine;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace FunctionsBroker.Local.Durable.Clients;

/// <summary>The client of a hub in this process.</summary>
/// <param name="engine">The engine, when there is one.</param>
internal sealed partial class TaskHubClient(
    string hubName, DurableTaskRegistry registry, Func<CancellationToken, Task<HubEngine>> engine, TimeProvider time) : DurableTaskClient(hubName)
{
    public override DurableEntityClient Entities { get; } = new TaskHubEntityClient(hubName, registry.Converter, engine);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name);
        if (registry.FindOrchestrator(orchestratorName.Name) is null)
        {
            throw new ArgumentException(
                $"The function '{orchestratorName.Name}' doesn't exist, is disabled, or is not an orchestrator function.",
                nameof(orchestratorName));
        }

        string id = EntityIds.CheckedForStart(
            options?.InstanceId is { Length: > 0 } wanted ? wanted : Guid.NewGuid().ToString("N"), nameof(options));
        Message.StartRequested start = new(
            id,
            orchestratorName.Name,
            options?.Version is { } version ? version.Version : string.Empty,
            registry.Converter.Serialize(input),
            time.GetUtcNow(),
            null,
            options?.Tags is { Count: > 0 } tags ? tags : null,
            options?.StartAt);
        HubEngine hub = await engine(cancellation);
        await (string.IsNullOrEmpty(options?.InstanceId)
            ? hub.SubmitAsync(start, isNew: true, cancellation)
            : hub.SubmitAsync(start, document => RefusalOfStart(id, document, options), cancellation));
        return id;
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(
            new Message.EventSubmitted(Checked(instanceId), eventName, registry.Converter.Serialize(eventPayload)),
            "raise event to",
            static _ => true,
            cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => SendAsync(
        new Message.TerminationRequested(
            Checked(instanceId), registry.Converter.Serialize(options?.Output), options?.Recursive ?? false),
        "terminate",
        static _ => true,
        cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => SendAsync(
        new Message.SuspensionRequested(Checked(instanceId), reason),
        "suspend",
        static status => status != OrchestrationRuntimeStatus.Suspended,
        cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => SendAsync(
        new Message.ResumptionRequested(Checked(instanceId), reason),
        "resume",
        static status => status == OrchestrationRuntimeStatus.Suspended,
        cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, static status => status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, RuntimeStatusExtensions.IsTerminal, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        HubEngine hub = await engine(cancellation);
        return Metadata.Of(
            instanceId, await hub.ReadAsync(Checked(instanceId), cancellation), getInputsAndOutputs ? registry.Converter : null);
    }

    /// <summary>Nothing: the client lives as long as its hub.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Checked(string instanceId) => EntityIds.CheckedOrchestration(instanceId, nameof(instanceId));

    private static OrchestrationAlreadyExistsException? RefusalOfStart(string id, InstanceDocument document, StartOrchestrationOptions? options)
    {
        if (InstanceSummary.Of(id, document) is not { } existing)
        {
            return null;
        }

        bool refused = !existing.Status.IsTerminal() || options?.DedupeStatuses?.Contains(existing.Status.ToString()) == true;
        return refused ? new OrchestrationAlreadyExistsException(Failures.AlreadyExistsMessage(id)) : null;
    }

    private static ArgumentException NotFound(string instanceId) => new($"No instance with ID '{instanceId}' was found.");

    private async Task SendAsync(
        Message message, string action, Predicate<OrchestrationRuntimeStatus> applies, CancellationToken cancellation)
    {
        Exception? Refusal(InstanceDocument document) => InstanceSummary.Of(message.To, document) switch
        {
            null => NotFound(message.To),
            { Status: var status } when status.IsTerminal() || !applies(status) => new InvalidOperationException(
                $"Cannot {action} the orchestration instance {message.To} because instance is in the {status} state."),
            _ => null,
        };

        await (await engine(cancellation)).SubmitAsync(message, Refusal, cancellation);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Predicate<OrchestrationRuntimeStatus> reached, bool getInputsAndOutputs, CancellationToken cancellation)
    {
        // While the hub changes hands, the wait goes on with its next owner.
        while (true)
        {
            HubEngine hub = await engine(cancellation);
            try
            {
                InstanceDocument document = await hub.WaitAsync(
                    Checked(instanceId),
                    document => InstanceSummary.Of(instanceId, document) is not { } summary || reached(summary.Status),
                    cancellation);
                return Metadata.Of(instanceId, document, getInputsAndOutputs ? registry.Converter : null) ?? throw NotFound(instanceId);
            }
            catch (OwnershipLostException) when (hub.Lost.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
