namespace FunctionsBroker.Local.Durable.Timers;

/// <summary>All timers of a hub on one timer of the runtime.</summary>
internal sealed class TimerQueue : IAsyncDisposable
{
    // The runtime's timers take no more than some 49 days.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<DueTimer>> _byInstance = [];
    private readonly TimeProvider _time;
    private readonly Action<DueTimer> _fire;
    private readonly ITimer _timer;
    private PriorityQueue<DueTimer, DateTimeOffset> _queue = new();
    private DateTimeOffset? _armedFor;
    private int _cancelled;
    private bool _disposed;

    public TimerQueue(TimeProvider time, Action<DueTimer> fire)
    {
        _time = time;
        _fire = fire;
        _timer = time.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(DueTimer timer)
    {
        lock (_lock)
        {
            if (!_byInstance.TryGetValue(timer.InstanceId, out List<DueTimer>? timers))
            {
                timers = _byInstance[timer.InstanceId] = [];
            }

            if (timer.Execution is null)
            {
                if (timers.Exists(other => other.Execution is null && other.DueAt <= timer.DueAt))
                {
                    return;
                }
            }

            timers.Add(timer);
            _queue.Enqueue(timer, timer.DueAt);
            Arm();
        }
    }

    /// <summary>Forgets the timer of one task of an instance.</summary>
    public void Cancel(string instanceId, int taskId) => Cancel(instanceId, timer => timer.Execution is not null && timer.TaskId == taskId);

    /// <summary>Forgets the durable timers of an instance, whose execution has ended.</summary>
    public void CancelAll(string instanceId) => Cancel(instanceId, timer => timer.Execution is not null);

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        await _timer.DisposeAsync();
    }

    private void Cancel(string instanceId, Predicate<DueTimer> unwanted)
    {
        lock (_lock)
        {
            if (!_byInstance.TryGetValue(instanceId, out List<DueTimer>? timers))
            {
                return;
            }

            foreach (DueTimer timer in timers.FindAll(unwanted))
            {
                timer.IsCancelled = true;
                Forget(timer);
                _cancelled++;
            }

            if (_cancelled > 1000 && _cancelled > _queue.Count / 2)
            {
                _queue = new PriorityQueue<DueTimer, DateTimeOffset>(_queue.UnorderedItems.Where(item => !item.Element.IsCancelled));
                _cancelled = 0;
            }
        }
    }

    private void FireDue()
    {
        List<DueTimer> due = [];
        lock (_lock)
        {
            _armedFor = null;
            DateTimeOffset now = _time.GetUtcNow();
            while (!_disposed && _queue.TryPeek(out DueTimer? timer, out DateTimeOffset dueAt) && dueAt <= now)
            {
                _queue.Dequeue();
                if (timer.IsCancelled)
                {
                    _cancelled--;
                }
                else
                {
                    Forget(timer);
                    due.Add(timer);
                }
            }

            Arm();
        }

        foreach (DueTimer timer in due)
        {
            _fire(timer);
        }
    }

    private void Forget(DueTimer timer)
    {
        if (_byInstance.TryGetValue(timer.InstanceId, out List<DueTimer>? timers) && timers.Remove(timer) && timers.Count == 0)
        {
            _byInstance.Remove(timer.InstanceId);
        }
    }

    private void Arm()
    {
        if (_disposed || !_queue.TryPeek(out _, out DateTimeOffset next) || (_armedFor is { } armed && armed <= next))
        {
            return;
        }

        _armedFor = next;
        TimeSpan wait = next - _time.GetUtcNow();

        // A millisecond more, because the runtime's timers may be that much early.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < s_longestWait ? wait + TimeSpan.FromMilliseconds(1) : s_longestWait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
