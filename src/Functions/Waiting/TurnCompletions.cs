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
