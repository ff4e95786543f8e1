using System.Collections.Concurrent;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Wakes the requests of this instance that wait for a turn or listen to it, when this instance learns that it has begun or ended.</summary>
/// <remarks>
/// Only ever a hint: the Turns table is what counts, and another instance of the front may have learnt it instead.
/// Thread-safe.
/// </remarks>
internal sealed class TurnNotifier
{
    private readonly ConcurrentDictionary<(SessionId Session, TurnId Turn), Entry> _entries = new();

    /// <summary>Subscribes until what is returned is disposed.</summary>
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
                    entry.Subscribers++;
                    return new Subscription(this, key, entry);
                }
            }
        }
    }

    /// <summary>Wakes every subscriber of the turn.</summary>
    public void Announce(SessionId session, TurnId turn)
    {
        if (_entries.TryGetValue((session, turn), out var entry))
        {
            entry.Announce();
        }
    }

    private void Release((SessionId Session, TurnId Turn) key, Entry entry)
    {
        lock (entry)
        {
            if (--entry.Subscribers == 0)
            {
                entry.Removed = true;
                _entries.TryRemove(new KeyValuePair<(SessionId, TurnId), Entry>(key, entry));
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal sealed class Entry
    {
        private TaskCompletionSource _next = NewSignal();

        public Task Next => Volatile.Read(ref _next).Task;

        public int Subscribers { get; set; }

        public bool Removed { get; set; }

        public void Announce() => Interlocked.Exchange(ref _next, NewSignal()).TrySetResult();
    }

    internal sealed class Subscription(TurnNotifier owner, (SessionId Session, TurnId Turn) key, Entry entry) : IDisposable
    {
        private int _disposed;

        /// <summary>Completes with the next announcement from now on: take it before reading the row, so that none is missed.</summary>
        public Task Next => entry.Next;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner.Release(key, entry);
            }
        }
    }
}
