using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Entities;

/// <summary>The operations that wait for an entity, run one after the other and committed together.</summary>
internal sealed partial class EntityBatch
{
    // So that the first caller of many does not wait for the last.
    private const int MaxOperations = 200;

    private readonly EntityInstanceId _id;
    private readonly InstanceDocument _document;
    private readonly Func<TaskEntityOperation, CancellationToken, Task<object?>>? _code;
    private readonly DataConverter _converter;
    private readonly DateTimeOffset _now;
    private readonly ILogger _logger;
    private readonly EntityOperationState _state;
    private readonly EntityOperationContext _context;
    private readonly HashSet<long> _consumed = [];
    private EntityLock? _lock;
    private DateTimeOffset? _wakeAt;

    public EntityBatch(string id, InstanceDocument document, DateTimeOffset now, DurableTaskRegistry registry, ILogger logger)
    {
        _id = EntityInstanceId.FromString(id);
        _document = document;
        _now = now;
        _logger = logger;
        _code = registry.FindEntity(_id.Name);
        _converter = registry.Converter;
        _state = new EntityOperationState(document.Entity?.State, _converter);
        _context = new EntityOperationContext(_id, now, _converter);
        _lock = document.Entity?.Lock;
    }

    /// <summary>When a delayed signal that is left lying is due; null: none is.</summary>
    public DateTimeOffset? WakeAt => _wakeAt;

    /// <returns>Null if no message could be acted on.</returns>
    /// <exception cref="OperationCanceledException">The hub is stopping: what was not committed is run again later.</exception>
    public async Task<LogEntry.BatchCommitted?> RunAsync(CancellationToken stopping)
    {
        bool released = true;
        while (released && _consumed.Count < MaxOperations)
        {
            // Once a lock is released, the messages that it had held up are looked at again.
            released = false;
            _wakeAt = null;
            foreach (QueuedMessage queued in _document.Inbox)
            {
                if (_consumed.Count < MaxOperations && !_consumed.Contains(queued.Id) && MayRun(queued.Message))
                {
                    released |= queued.Message is Message.LockReleased;
                    await ActAsync(queued.Message, stopping);
                    _consumed.Add(queued.Id);
                }
            }
        }

        return _consumed.Count == 0
            ? null
            : new LogEntry.BatchCommitted(_id.ToString(), [.. _consumed], _state.Serialized, _lock, _now) { Messages = _context.Messages };
    }

    private bool MayRun(Message message)
    {
        if (message.NotBefore is { } due && due > _now)
        {
            _wakeAt = _wakeAt is { } other && other < due ? other : due;
            return false;
        }

        return message switch
        {
            Message.OperationRequested operation => _lock is null || operation.Section == _lock.Section,
            Message.LockRequested => _lock is null,
            _ => true,
        };
    }

    private async Task ActAsync(Message message, CancellationToken stopping)
    {
        switch (message)
        {
            case Message.OperationRequested operation:
                await OperateAsync(operation, stopping);
                break;
            case Message.LockRequested request:
                Lock(request);
                break;
            case Message.LockReleased release when release.Section == _lock?.Section:
                _lock = null;
                break;
        }
    }

    private void Lock(Message.LockRequested request)
    {
        _lock = new EntityLock(request.Section, request.Caller.InstanceId);
        int next = request.Position + 1;
        _context.Send(next < request.Entities.Count
            ? request with { Position = next, To = request.Entities[next] }
            : request.Caller.Answer(null));
    }

    private async Task OperateAsync(Message.OperationRequested operation, CancellationToken stopping)
    {
        string? result = null;
        TaskFailureDetails? failure = null;
        if (_code is null)
        {
            failure = Failures.EntityNotFound(_id.Name);
            LogNotRegistered(_id.Name);
        }
        else
        {
            try
            {
                EntityOperation call = new(operation.Operation, operation.Input, _context, _state, _converter);
                result = _converter.Serialize(await _code(call, stopping));
                _state.Commit();
                _context.Commit();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception)
            {
                LogOperationFailed(exception, _id, operation.Operation);
                failure = TaskFailureDetails.FromException(exception);
                _state.Rollback();
                _context.Rollback();
            }
        }

        if (operation.Caller is { } caller)
        {
            _context.Send(caller.Answer(result) with { Failure = failure });
        }
    }

    [LoggerMessage(20, LogLevel.Error, "The operation {Operation} of entity {Entity} failed and has changed nothing.")]
    private partial void LogOperationFailed(Exception exception, EntityInstanceId entity, string operation);

    [LoggerMessage(21, LogLevel.Error, "The entity {Name} is not registered; its operations fail.")]
    private partial void LogNotRegistered(string name);
}
