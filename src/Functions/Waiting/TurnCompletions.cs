using System.Collections.Concurrent;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Wakes the requests of this instance that wait for a turn, when this instance learns that it has ended.</summary>
/// <remarks>
/// Only ever a hint: the Turns table is what counts, and another instance of the front may have learnt it instead.
/// Thread-safe.
/// </remarks>
internal sealed class TurnCompletions
{
    private readonly ConcurrentDictionary<(SessionId Session, TurnId Turn), Entry> _entries = new();

    /// <summary>Begins to listen; what is announced from now on completes <see cref="Subscription.Announced"/>.</summary>
    public Subscription Subscribe(SessionId session, TurnId turn)
    {
        var key = (session, turn);
        while (true)
        {
            var entry = _entries.GetOrAdd(key, _ => new Entry());
            lock (entry)
            {
                if (!entry.Removed)
                {
                    entry.Listeners++;
                    return new Subscription(this, key, entry);
                }
            }
        }
    }

    /// <summary>Wakes everybody who waits for the turn.</summary>
    public void Announce(SessionId session, TurnId turn)
    {
        if (_entries.TryGetValue((session, turn), out var entry))
        {
            entry.Signal.TrySetResult();
        }
    }

    private void Release((SessionId Session, TurnId Turn) key, Entry entry)
    {
        lock (entry)
        {
            if (--entry.Listeners == 0)
            {
                entry.Removed = true;
                _entries.TryRemove(new KeyValuePair<(SessionId, TurnId), Entry>(key, entry));
            }
        }
    }

    internal sealed class Entry
    {
        public TaskCompletionSource Signal { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Listeners { get; set; }

        public bool Removed { get; set; }
    }

    /// <summary>One listener; dispose it when it has heard enough.</summary>
    internal sealed class Subscription(TurnCompletions owner, (SessionId Session, TurnId Turn) key, Entry entry) : IDisposable
    {
        private int _disposed;

        public Task Announced => entry.Signal.Task;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner.Release(key, entry);
            }
        }
    }
}
