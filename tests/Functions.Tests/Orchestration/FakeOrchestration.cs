using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Orchestration;

/// <summary>An orchestration without an engine: its clock, its events and the results of its activities are the test's.</summary>
/// <remarks>
/// Everything runs on the thread that calls: when <see cref="Raise"/> or <see cref="AdvanceTo"/> returns, the orchestrator waits again or has
/// ended. As with the worker, an event goes to the wait that was begun last, or is kept until there is one.
/// </remarks>
internal sealed class FakeOrchestration(DateTime now, Func<string, object?, object?> runActivity) : TaskOrchestrationContext
{
    private readonly List<(DateTime Due, TaskCompletionSource Fired)> _timers = [];
    private readonly List<(string Name, Action<object> Take)> _waits = [];
    private readonly List<(string Name, object Value)> _kept = [];
    private readonly FakeEntities _entities = new();
    private DateTime _now = now;

    /// <summary>The activities that were called, with their inputs.</summary>
    public List<(string Name, object? Input)> Calls { get; } = [];

    /// <summary>The signals that were sent to entities.</summary>
    public List<(EntityInstanceId Id, string Operation, object? Input)> Signals => _entities.Signals;

    /// <summary>When the next timer is due; null when none stands.</summary>
    public DateTime? NextTimer => _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);

    public override TaskName Name => "Fake";

    public override string InstanceId => "fake";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    public override TaskOrchestrationEntityFeature Entities => _entities;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Runs an orchestrator up to its first wait.</summary>
    public static Task Run(Func<Task> orchestrator)
    {
        // Continuations must run where an event is raised, and so may not be posted to a test runner's context.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return orchestrator();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Raise(string name, object value)
    {
        var index = _waits.FindLastIndex(wait => wait.Name == name);
        if (index < 0)
        {
            _kept.Add((name, value));
            return;
        }

        var wait = _waits[index];
        _waits.RemoveAt(index);
        wait.Take(value);
    }

    /// <summary>Moves the clock on, from timer to timer.</summary>
    public void AdvanceTo(DateTime time)
    {
        while (NextTimer is { } due && due <= time)
        {
            var timer = _timers.Find(timer => timer.Due == due);
            _timers.Remove(timer);
            _now = due > _now ? due : _now;
            timer.Fired.SetResult();
        }

        _now = time;
    }

    public override T GetInput<T>() => throw new NotSupportedException();

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Calls.Add((name.Name, input));
        return Task.FromResult((TResult)runActivity(name.Name, input)!);
    }

    public override Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object?>(name, input, options);

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = (Due: fireAt, Fired: new TaskCompletionSource());
        _timers.Add(timer);
        cancellationToken.Register(() => _timers.Remove(timer));
        return timer.Fired.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        var heard = new TaskCompletionSource<T>();
        var index = _kept.FindIndex(kept => kept.Name == eventName);
        if (index >= 0)
        {
            heard.SetResult((T)_kept[index].Value);
            _kept.RemoveAt(index);
        }
        else
        {
            _waits.Add((eventName, value => heard.SetResult((T)value)));
        }

        return heard.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();

    private sealed class FakeEntities : TaskOrchestrationEntityFeature
    {
        public List<(EntityInstanceId Id, string Operation, object? Input)> Signals { get; } = [];

        public override Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
        {
            Signals.Add((id, operationName, input));
            return Task.CompletedTask;
        }

        public override Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
            throw new NotSupportedException();

        public override Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
            throw new NotSupportedException();

        public override Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds) => throw new NotSupportedException();

        public override bool InCriticalSection([NotNullWhen(true)] out IReadOnlyList<EntityInstanceId>? entityIds) => throw new NotSupportedException();
    }
}
