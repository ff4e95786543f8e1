using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Events;

/// <summary>Tells listeners of this instance at once when a host has taken their turn.</summary>
/// <remarks>
/// Only ever a hint: the turn's row is what counts, and another instance of the front may have dispatched the turn.
/// Thread-safe.
/// </remarks>
internal sealed class TurnNews
{
    private readonly TurnListeners<Bell> _listeners = new();

    /// <summary>Begins to listen; dispose of what is returned when it has heard enough.</summary>
    public Subscription Subscribe(SessionId session, TurnId turn) => new(_listeners.Subscribe(session, turn));

    /// <summary>Wakes everybody who listens to the turn.</summary>
    public void Announce(SessionId session, TurnId turn) => _listeners.Find(session, turn)?.Ring();

    /// <summary>Rings again and again.</summary>
    internal sealed class Bell
    {
        private TaskCompletionSource _next = NewSignal();

        public Task Next => Volatile.Read(ref _next).Task;

        public void Ring() => Interlocked.Exchange(ref _next, NewSignal()).TrySetResult();

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One listener.</summary>
    internal sealed class Subscription(TurnListeners<Bell>.Subscription listening) : IDisposable
    {
        /// <summary>Completes with the next announcement from now on.</summary>
        public Task Next => listening.Signal.Next;

        public void Dispose() => listening.Dispose();
    }
}
