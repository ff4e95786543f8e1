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
    private readonly TurnListeners<Ended> _listeners = new();

    /// <summary>Begins to listen; what is announced from now on completes <see cref="Subscription.Announced"/>.</summary>
    public Subscription Subscribe(SessionId session, TurnId turn) => new(_listeners.Subscribe(session, turn));

    /// <summary>Wakes everybody who waits for the turn.</summary>
    public void Announce(SessionId session, TurnId turn) => _listeners.Find(session, turn)?.Signal.TrySetResult();

    internal sealed class Ended
    {
        public TaskCompletionSource Signal { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One listener; dispose it when it has heard enough.</summary>
    internal sealed class Subscription(TurnListeners<Ended>.Subscription listening) : IDisposable
    {
        public Task Announced => listening.Signal.Signal.Task;

        public void Dispose() => listening.Dispose();
    }
}

/// <summary>Keeps a signal for every turn that somebody in this instance listens to, for as long as anybody does. Thread-safe.</summary>
/// <typeparam name="TSignal">What the listeners of one turn share.</typeparam>
internal sealed class TurnListeners<TSignal>
    where TSignal : class, new()
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

    /// <returns>Null when nobody listens.</returns>
    public TSignal? Find(SessionId session, TurnId turn) => _entries.TryGetValue((session, turn), out var entry) ? entry.Signal : null;

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
        public TSignal Signal { get; } = new();

        public int Listeners { get; set; }

        public bool Removed { get; set; }
    }

    /// <summary>One listener.</summary>
    internal sealed class Subscription(TurnListeners<TSignal> owner, (SessionId Session, TurnId Turn) key, Entry entry) : IDisposable
    {
        private int _disposed;

        public TSignal Signal => entry.Signal;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                owner.Release(key, entry);
            }
        }
    }
}
