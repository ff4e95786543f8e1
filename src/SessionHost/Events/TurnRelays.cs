using System.Collections.Concurrent;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Events;

/// <summary>The relays of the turns that run here, and for a while of those that have ended.</summary>
internal sealed class TurnRelays : IDisposable
{
    /// <summary>About how much memory turns that have ended may take in all, in logs of the largest size.</summary>
    private const int MaxEndedLogs = 16;

    private readonly ConcurrentDictionary<(SessionId Session, string TurnId), TurnRelay> _relays = new();
    private readonly Lock _sweeping = new();
    private readonly TimeSpan _retention;
    private readonly int _maxLogBytes;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _endedBytes;

    /// <param name="retention">How long the events of a turn that has ended are kept.</param>
    /// <param name="maxLogBytes">About how much memory the events of one turn may take.</param>
    public TurnRelays(TimeSpan retention, int maxLogBytes, TimeProvider time)
    {
        _retention = retention;
        _maxLogBytes = maxLogBytes;
        _time = time;
        _timer = time.CreateTimer(_ => Sweep(), null, retention / 2, retention / 2);
    }

    private long MaxEndedBytes => (long)_maxLogBytes * MaxEndedLogs;

    /// <summary>Begins a run of a turn; takes the place of an earlier run of it.</summary>
    public TurnRelay Begin(SessionId session, string turnId, PermissionPolicy policy)
    {
        var relay = new TurnRelay(policy, _maxLogBytes, Keep, _time);
        _relays[(session, turnId)] = relay;
        return relay;
    }

    /// <returns>Null when the turn has not run here, or long ago.</returns>
    public TurnRelay? Find(SessionId session, string turnId) => _relays.GetValueOrDefault((session, turnId));

    /// <summary>Takes somebody's decision on a question.</summary>
    /// <returns>Null, or why it does not count.</returns>
    public Problem? Decide(SessionId session, string requestId, PermissionDecision decision)
    {
        var relay = _relays.FirstOrDefault(entry => entry.Key.Session == session && entry.Value.HasAsked(requestId)).Value;
        return relay is null ? ProblemCatalogue.PermissionNotFound() : relay.Decide(requestId, decision);
    }

    public void Dispose() => _timer.Dispose();

    // The relay has ended.
    private void Keep(TurnRelay relay)
    {
        if (Interlocked.Add(ref _endedBytes, relay.Log.Bytes) > MaxEndedBytes)
        {
            Sweep();
        }
    }

    // Lets go of what has been kept long enough, and of the oldest when there is too much of it.
    private void Sweep()
    {
        lock (_sweeping)
        {
            var now = _time.GetUtcNow();
            var kept = 0L;
            foreach (var entry in _relays.Where(entry => entry.Value.EndedAt is not null).OrderByDescending(entry => entry.Value.EndedAt).ToList())
            {
                var bytes = entry.Value.Log.Bytes;
                if (now - entry.Value.EndedAt >= _retention || kept + bytes > MaxEndedBytes / 2)
                {
                    _relays.TryRemove(entry);
                }
                else
                {
                    kept += bytes;
                }
            }

            Volatile.Write(ref _endedBytes, kept);
        }
    }
}
