using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Entities;

/// <summary>Collects what the operations of a batch send; what a failed one sent is dropped.</summary>
internal sealed class EntityOperationContext(EntityInstanceId id, DateTimeOffset now, DataConverter converter) : TaskEntityContext
{
    private readonly List<Message> _messages = [];
    private int _checkpoint;

    public override EntityInstanceId Id => id;

    public IReadOnlyList<Message> Messages => _messages;

    public override void SignalEntity(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null) =>
        _messages.Add(new Message.OperationRequested(
            EntityIds.Checked(id, nameof(id)), operationName, converter.Serialize(input), SignalTime: options?.SignalTime));

    /// <remarks>
    /// Started when the batch is committed. As in the real engine an orchestration of that id which is running is left
    /// alone and the request is dropped; one that has ended is replaced.
    /// </remarks>
    public override string ScheduleNewOrchestration(
        TaskName name, object? input = null, StartOrchestrationOptions? options = null)
    {
        string instanceId = EntityIds.CheckedOrchestration(options?.InstanceId ?? Guid.NewGuid().ToString("N"), nameof(options));
        string version = options?.Version is { } requested ? requested.Version : string.Empty;
        _messages.Add(new Message.StartRequested(
            instanceId, name.Name, version, converter.Serialize(input), now, null, options?.Tags, options?.StartAt));
        return instanceId;
    }

    /// <summary>What the engine itself sends for the entity: answers and locks.</summary>
    public void Send(Message message)
    {
        _messages.Add(message);
        Commit();
    }

    public void Commit() => _checkpoint = _messages.Count;

    public void Rollback() => _messages.RemoveRange(_checkpoint, _messages.Count - _checkpoint);
}
