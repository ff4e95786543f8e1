using FunctionsBroker.Local.Durable.Activities;
using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Timers;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>
/// Runs the instances of a hub for one term of ownership. Changes go to the log first, in one order; memory follows at
/// once, the outside world when the log is durable, and the instances' rows at leisure.
/// </summary>
internal sealed partial class HubEngine : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveInstance> _instances = [];
    // Never disposed: code that does not heed it may outlive the engine and still ask for its token.
    private readonly CancellationTokenSource _stopping = new();
    private readonly EngineServices _services;
    private readonly HubLog _log;
    private readonly InstanceStore _store;
    private readonly ILogger _logger;
    private readonly WorkTracker _work;
    private readonly TimerQueue _timers;
    private readonly ActivityRunner _activities;
    private readonly SemaphoreSlim _slots;
    private readonly Checkpointer _checkpointer;
    private long _uses;
    private long _lastLsn;
    private bool _accepting = true;
    private int _disposed;

    public HubEngine(EngineServices services, RecoveredHub hub)
    {
        _services = services;
        _log = hub.Log;
        _store = hub.Store;
        _lastLsn = hub.LastLsn;
        _logger = services.Loggers.CreateLogger<HubEngine>();
        _work = new WorkTracker(_logger);
        _timers = new TimerQueue(services.Time, Fire);
        _activities = new ActivityRunner(services, _work, new SemaphoreSlim(services.Options.MaxConcurrentActivities), Settle);
        _slots = new SemaphoreSlim(services.Options.MaxConcurrentOrchestrations);
        foreach (LiveInstance instance in hub.Instances)
        {
            _instances.Add(instance.Id, instance);
        }

        _checkpointer = new Checkpointer(services, this);
        Resume();
    }

    /// <summary>Cancelled when another process has taken the hub over.</summary>
    public CancellationToken Lost => _log.Lost;

    public InstanceStore Store => _store;

    public EngineServices Services => _services;

    /// <summary>Lets running code end, and leaves everything in its rows as far as there is time for it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _accepting = false;
        }

        await _stopping.CancelAsync();
        await _work.DrainAsync().WaitAsync(cancellationToken);
        await _log.FlushAsync().WaitAsync(cancellationToken);
        await _checkpointer.FlushAsync(cancellationToken);
    }

    /// <summary>Ends everything where it is, as if the process were killed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        lock (_gate)
        {
            _accepting = false;
        }

        await _stopping.CancelAsync();
        await _timers.DisposeAsync();
        await _checkpointer.DisposeAsync();
        await _log.DisposeAsync();
    }

    // What was under way when the hub was last owned goes on: activities that have not ended run again.
    private void Resume()
    {
        lock (_gate)
        {
            foreach (LiveInstance instance in _instances.Values.ToArray())
            {
                if (instance.Document is not { IsActive: true } document)
                {
                    continue;
                }

                if (document.Orchestration is { IsTerminal: false } running)
                {
                    Begin(instance.Id, running.Start.Execution, Unsettled(running.History), Task.CompletedTask);
                }

                Signal(instance);
            }
        }
    }

    private static Dictionary<int, HistoryEvent.Scheduled>.ValueCollection Unsettled(IReadOnlyList<HistoryEvent> history)
    {
        Dictionary<int, HistoryEvent.Scheduled> open = [];
        foreach (HistoryEvent happened in history)
        {
            switch (happened)
            {
                case HistoryEvent.Scheduled scheduled:
                    open[scheduled.TaskId] = scheduled;
                    break;
                case HistoryEvent.TaskSucceeded succeeded:
                    open.Remove(succeeded.TaskId);
                    break;
                case HistoryEvent.TaskFaulted faulted:
                    open.Remove(faulted.TaskId);
                    break;
            }
        }

        return open.Values;
    }

    private void Begin(string id, string execution, IEnumerable<HistoryEvent.Scheduled> actions, Task durable)
    {
        foreach (HistoryEvent.Scheduled action in actions)
        {
            switch (action)
            {
                case HistoryEvent.ActivityScheduled activity:
                    _activities.Start(id, execution, activity, durable, _stopping.Token);
                    break;
                case HistoryEvent.TimerScheduled timer:
                    _timers.Add(new DueTimer(id, timer.FireAt, execution, timer.TaskId));
                    break;
            }
        }
    }

    private void Fire(DueTimer timer)
    {
        if (timer.Execution is { } execution)
        {
            Settle(new Message.TaskSettled(timer.InstanceId, execution, timer.TaskId));
            return;
        }

        lock (_gate)
        {
            Signal(Instance(timer.InstanceId));
        }
    }

    private void Settle(Message.TaskSettled settlement)
    {
        lock (_gate)
        {
            LiveInstance instance = Instance(settlement.To);
            instance.Settled.Add(settlement);
            Signal(instance);
        }
    }
}
