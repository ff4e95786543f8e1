namespace FunctionsBroker.LoopbackModel.Requests;

/// <summary>The last requests received, and a way to wait for one.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ReceivedRequest> _requests = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    /// <summary>How many requests came since the start or the last reset, forgotten ones included.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds a request under the next sequence number.</summary>
    public LinkedListNode<ReceivedRequest> Add(ReceivedRequest request)
    {
        lock (_lock)
        {
            var node = _requests.AddLast(request with { Sequence = ++_count });
            if (_requests.Count > capacity)
            {
                _requests.RemoveFirst();
            }

            SignalChange();
            return node;
        }
    }

    /// <summary>Replaces what is known of a request; one that is forgotten meanwhile stays forgotten.</summary>
    public void Update(LinkedListNode<ReceivedRequest> node, Func<ReceivedRequest, ReceivedRequest> change)
    {
        lock (_lock)
        {
            node.Value = change(node.Value);
            SignalChange();
        }
    }

    public IReadOnlyList<ReceivedRequest> Snapshot()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _count = 0;
        }
    }

    public async Task<ReceivedRequest> WaitAsync(Func<ReceivedRequest, bool> match, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_requests.FirstOrDefault(match) is { } found)
                {
                    return found;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void SignalChange()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
