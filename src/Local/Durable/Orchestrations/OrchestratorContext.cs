using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DurableTask.Core.Exceptions;
using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>The context of one episode: matches what the code does against its history, and collects what is new.</summary>
internal sealed partial class OrchestratorContext : TaskOrchestrationContext
{
    private readonly OrchestrationStart _start;
    private readonly ILoggerFactory _loggers;
    private readonly OrchestratorEntities _entities;
    private readonly SortedDictionary<int, PlannedAction> _planned = [];
    private readonly Dictionary<int, OpenTask> _open = [];
    private readonly HashSet<int> _cancelledTimers = [];
    private int _nextTaskId;
    private int _guids;
    private int _holding;
    private object? _customStatus;

    public OrchestratorContext(string instanceId, OrchestrationStart start, DataConverter converter, ILoggerFactory loggers)
    {
        _start = start;
        _loggers = loggers;
        Converter = converter;
        _entities = new OrchestratorEntities(this);
        InstanceId = instanceId;
        Parent = start.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.Caller.InstanceId) : null;
    }

    public DataConverter Converter { get; }

    public override TaskName Name => _start.Name;

    public override string InstanceId { get; }

    public override ParentOrchestrationInstance? Parent { get; }

    public override string Version => _start.Version;

    public override DateTime CurrentUtcDateTime => Clock.UtcDateTime;

    public override bool IsReplaying => Replaying;

    public override TaskOrchestrationEntityFeature Entities => _entities;

    public DateTimeOffset Clock { get; set; }

    public bool Replaying { get; set; }

    /// <summary>Whether tasks that must end before the orchestration can are still open.</summary>
    public bool IsHeld => _holding > 0;

    public IReadOnlyCollection<int> CancelledTimers => _cancelledTimers;

    protected override ILoggerFactory LoggerFactory => _loggers;

    public override T? GetInput<T>()
        where T : default => Converter.Deserialize<T>(_start.Input);

    public override void SetCustomStatus(object? customStatus) => _customStatus = customStatus;

    /// <remarks>A name-based id (RFC 9562, version 8) of the execution, the time and a counter.</remarks>
    public override Guid NewGuid()
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{InstanceId}_{_start.Execution}_{CurrentUtcDateTime:o}_{_guids++}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    public string? SerializedCustomStatus() => Converter.Serialize(_customStatus);

    public IReadOnlyList<PlannedAction> TakePlanned() => [.. _planned.Values];

    /// <summary>Takes in what happened to the orchestration next.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code did not do what its history says it did.</exception>
    public void Apply(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.Scheduled scheduled:
                Confirm(scheduled);
                break;
            case HistoryEvent.TaskSucceeded succeeded:
                Close(succeeded.TaskId)?.Succeed(succeeded.Result);
                break;
            case HistoryEvent.TaskFaulted faulted:
                Close(faulted.TaskId)?.Fail(faulted.Failure);
                break;
            case HistoryEvent.EventRaised raised:
                Receive(raised);
                break;
        }
    }

    public void ExitCriticalSection() => _entities.ExitCriticalSection();

    internal CallerLink Caller(int taskId) => new(InstanceId, _start.Execution, taskId);

    internal int NewTaskId() => _nextTaskId++;

    internal void Plan(HistoryEvent.Scheduled action, params IReadOnlyList<Message> messages) =>
        _planned.Add(action.TaskId, new PlannedAction(action, messages));

    internal OpenTask Open(int taskId, bool holds)
    {
        OpenTask task = new(taskId, holds);
        _open.Add(taskId, task);
        _holding += holds ? 1 : 0;
        return task;
    }

    private OpenTask? Close(int taskId)
    {
        // The end of a task that nobody waits for any more, such as a cancelled timer, means nothing.
        if (!_open.Remove(taskId, out OpenTask? task))
        {
            return null;
        }

        _holding -= task.Holds ? 1 : 0;
        return task;
    }

    private void Confirm(HistoryEvent.Scheduled recorded)
    {
        if (!_planned.Remove(recorded.TaskId, out PlannedAction? planned))
        {
            throw new NonDeterministicOrchestrationException(
                $"Task {recorded.TaskId} of an earlier run of this orchestration {recorded.Description}, but replaying it has not "
                + "come to that task. Was the orchestrator's code changed after this instance was started?");
        }

        if (!recorded.Matches(planned.Event))
        {
            throw new NonDeterministicOrchestrationException(
                $"Task {recorded.TaskId} of an earlier run of this orchestration {recorded.Description}, but replaying it "
                + $"{planned.Event.Description} instead. Was the orchestrator's code changed after this instance was started?");
        }
    }
}
