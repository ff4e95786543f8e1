namespace FunctionsBroker.SessionHost.Pool;

/// <summary>
/// Keeps the number of live processes within the limit: closes the least recently used idle one to make room, and has who finds none
/// wait in line.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Whether an idle process is used again or closed is decided here, once, under the lock. Whoever waits has waited
/// longer than whoever comes: a slot that becomes free goes to the first in line.
/// </remarks>
internal sealed class ProcessSlots(int limit, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ProcessSlot> _slots = [];
    private readonly LinkedList<Waiting> _line = [];
    private readonly SemaphoreSlim _places = new(limit, limit);

    public int Limit => limit;

    /// <summary>How many wait for a slot.</summary>
    public int InLine
    {
        get
        {
            lock (_lock)
            {
                return _line.Count;
            }
        }
    }

    /// <summary>How many processes live or are about to, without those that are being closed.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return CountKept();
            }
        }
    }

    /// <param name="requestClose">Called, at most once and outside the lock, when the idle process has to go; it must not block.</param>
    /// <returns>A busy slot, or null when every process is busy.</returns>
    public ProcessSlot? TryTake(Action requestClose)
    {
        ProcessSlot? taken;
        ProcessSlot? victim;
        lock (_lock)
        {
            (taken, victim) = _line.Count > 0 ? (null, null) : Take(requestClose);
        }

        victim?.RequestClose();
        return taken;
    }

    /// <summary>Takes a slot as soon as there is one for whoever has waited longest.</summary>
    /// <param name="requestClose">As for <see cref="TryTake"/>.</param>
    /// <returns>A busy slot.</returns>
    public async Task<ProcessSlot> WaitAsync(Action requestClose, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(requestClose);
        LinkedListNode<Waiting> node;
        lock (_lock)
        {
            node = _line.AddLast(waiting);
        }

        Serve();
        await using var registration = cancellationToken.UnsafeRegister(_ => Leave(node, cancellationToken), null);
        return await waiting.Served.Task;
    }

    /// <summary>Takes a slot only where no process has to be closed for it.</summary>
    /// <returns>A busy slot, or null when there are as many processes as there may be.</returns>
    public ProcessSlot? TryTakeFree(Action requestClose)
    {
        lock (_lock)
        {
            return _line.Count > 0 ? null : AddIfFree(requestClose);
        }
    }

    /// <summary>Waits until a process may really be started: until one that was closed to make room is gone.</summary>
    public async Task EnterAsync(ProcessSlot slot, CancellationToken cancellationToken)
    {
        if (!slot.HasPlace)
        {
            await _places.WaitAsync(cancellationToken);
            slot.HasPlace = true;
        }
    }

    /// <summary>Takes an idle process into use again.</summary>
    /// <returns>False when it is being closed.</returns>
    public bool TryUse(ProcessSlot slot) => TryMove(slot, SlotState.Idle, SlotState.Busy);

    /// <summary>Keeps an idle process from being used again, so that it can be closed.</summary>
    /// <returns>False when it is in use or being closed already.</returns>
    public bool TryBeginClose(ProcessSlot slot)
    {
        var closes = TryMove(slot, SlotState.Idle, SlotState.Closing);
        Serve();
        return closes;
    }

    /// <summary>The turn has ended and the process lives on.</summary>
    public void SetIdle(ProcessSlot slot)
    {
        lock (_lock)
        {
            slot.IdleSince = time.GetTimestamp();
            slot.State = SlotState.Idle;
        }

        Serve();
    }

    /// <summary>The process is there for nobody yet, and the first to go.</summary>
    public void SetSpare(ProcessSlot slot)
    {
        lock (_lock)
        {
            slot.IdleSince = long.MinValue;
            slot.State = SlotState.Idle;
        }

        Serve();
    }

    /// <summary>The process is gone, or was never started.</summary>
    public void Release(ProcessSlot slot)
    {
        lock (_lock)
        {
            if (!_slots.Remove(slot))
            {
                return;
            }
        }

        if (slot.HasPlace)
        {
            _places.Release();
        }

        Serve();
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Gives the first in line what there is.</summary>
    private void Serve()
    {
        while (true)
        {
            Waiting first;
            ProcessSlot taken;
            ProcessSlot? victim;
            lock (_lock)
            {
                if (_line.First is not { Value: var next } || Take(next.RequestClose) is not ({ } slot, var closing))
                {
                    return;
                }

                _line.RemoveFirst();
                (first, taken, victim) = (next, slot, closing);
            }

            victim?.RequestClose();
            first.Served.SetResult(taken);
        }
    }

    private void Leave(LinkedListNode<Waiting> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is null)
            {
                // It has been served.
                return;
            }

            _line.Remove(node);
        }

        node.Value.Served.SetCanceled(cancellationToken);
    }

    private (ProcessSlot? Taken, ProcessSlot? Victim) Take(Action requestClose)
    {
        if (AddIfFree(requestClose) is { } free)
        {
            return (free, null);
        }

        if (_slots.Where(slot => slot.State == SlotState.Idle).MinBy(slot => slot.IdleSince) is not { } oldest)
        {
            return (null, null);
        }

        oldest.State = SlotState.Closing;
        return (AddIfFree(requestClose), oldest);
    }

    private ProcessSlot? AddIfFree(Action requestClose)
    {
        if (CountKept() >= limit)
        {
            return null;
        }

        var taken = new ProcessSlot(requestClose);
        _slots.Add(taken);
        return taken;
    }

    private int CountKept() => _slots.Count(slot => slot.State != SlotState.Closing);

    private bool TryMove(ProcessSlot slot, SlotState from, SlotState to)
    {
        lock (_lock)
        {
            if (slot.State != from)
            {
                return false;
            }

            slot.State = to;
            return true;
        }
    }

    private sealed record Waiting(Action RequestClose)
    {
        public TaskCompletionSource<ProcessSlot> Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>The right to have one live process. Given and taken by <see cref="ProcessSlots"/>, whose lock guards its state.</summary>
internal sealed class ProcessSlot(Action requestClose)
{
    private Action _requestClose = requestClose;

    internal SlotState State { get; set; } = SlotState.Busy;

    /// <summary>A timestamp of the clock; the slot with the lowest is the least recently used.</summary>
    internal long IdleSince { get; set; }

    /// <summary>Whether it has one of the places that live processes take up.</summary>
    internal bool HasPlace { get; set; }

    /// <summary>Hands a busy slot to another owner.</summary>
    /// <param name="requestClose">Called when the idle process has to go; it must not block.</param>
    internal void Rebind(Action requestClose) => Volatile.Write(ref _requestClose, requestClose);

    internal void RequestClose() => Volatile.Read(ref _requestClose)();
}

internal enum SlotState
{
    /// <summary>A turn runs, or the process is being started for one.</summary>
    Busy,
    Idle,

    /// <summary>The process is being closed and takes no turn any more.</summary>
    Closing,
}
