using System.Collections.Concurrent;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Events;

/// <summary>Tells listeners of this instance at once when a host has taken their turn.</summary>
/// <remarks>
/// Only ever a hint: the turn's row is what counts, and another instance of the front may have dispatched the turn.
/// Thread-safe.
/// </remarks>
internal sealed class TurnNews
{
    private readonly ConcurrentDictionary<(SessionId Session, TurnId Turn), Entry> _entries = new();

    /// <summary>Begins to listen; dispose of what is returned when it has heard enough.</summary>
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

    /// <summary>Wakes everybody who listens to the turn.</summary>
    public void Announce(SessionId session, TurnId turn)
    {
        if (_entries.TryGetValue((session, turn), out var entry))
        {
            TaskCompletionSource heard;
            lock (entry)
            {
                (heard, entry.Next) = (entry.Next, Entry.NewSignal());
            }

            heard.TrySetResult();
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
        public TaskCompletionSource Next { get; set; } = NewSignal();

        public int Listeners { get; set; }

        public bool Removed { get; set; }

        public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One listener.</summary>
    internal sealed class Subscription(TurnNews owner, (SessionId Session, TurnId Turn) key, Entry entry) : IDisposable
    {
        private int _disposed;

        /// <summary>Completes with the next announcement from now on.</summary>
        public Task Next
        {
            get
            {
                lock (entry)
                {
                    return entry.Next.Task;
                }
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner.Release(key, entry);
            }
        }
    }
}
