using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Bounds how many turns are open that this instance of the front has taken: of each caller, and in all.</summary>
/// <remarks>
/// Another instance may hear of a turn's end instead of this one. So before a turn is refused, those that would have to end first are looked
/// for in their table. Thread-safe.
/// </remarks>
internal sealed class OpenTurns(ITurnStore turns, IOptions<BrokerOptions> options, TimeProvider time) : IDisposable
{
    private const int LooksAtOnce = 8;

    // What a look takes, times this, is waited before the next.
    private const int RestAfterLook = 9;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_betweenTries = TimeSpan.FromMilliseconds(250);

    // A function may take two hours: functionTimeout in host.json.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, string?> _open = [];
    private readonly SemaphoreSlim _looking = new(1);
    private (long At, TimeSpan Took)? _look;

    /// <summary>Counts a turn as open from before it is kept.</summary>
    /// <returns>Its place; null when it was refused, and then why.</returns>
    public async Task<(Place? Place, Problem? Problem)> EnterAsync(TurnSubmission submission, CancellationToken cancellationToken)
    {
        var (place, problem) = Enter(submission);
        if (place is null && await LookAsync(cancellationToken))
        {
            (place, problem) = Enter(submission);
        }

        return (place, problem);
    }

    /// <summary>Waits for a place instead of being refused. For messages, which their queue keeps for so long.</summary>
    /// <exception cref="TimeoutException">There was none for more than an hour; the message comes again.</exception>
    public async Task<Place> WaitAsync(TurnSubmission submission, CancellationToken cancellationToken)
    {
        for (var started = time.GetTimestamp(); time.GetElapsedTime(started) < s_longestWait;)
        {
            if ((await EnterAsync(submission, cancellationToken)).Place is { } place)
            {
                return place;
            }

            await Task.Delay(s_betweenTries, time, cancellationToken);
        }

        throw new TimeoutException("The turns that are open do not end.");
    }

    /// <summary>The turn has ended, or is not kept after all.</summary>
    public void Leave(SessionId session, TurnId turn)
    {
        lock (_lock)
        {
            _open.Remove(new Key(session, turn));
        }
    }

    public void Dispose() => _looking.Dispose();

    private (Place? Place, Problem? Problem) Enter(TurnSubmission submission)
    {
        var key = new Key(submission.SessionId, submission.TurnId);
        var caller = submission.Caller;
        var all = options.Value.MaxOpenTurns;
        lock (_lock)
        {
            if (_open.ContainsKey(key))
            {
                return (new Place(this, key) { IsKept = true }, null);
            }

            if (_open.Count >= all)
            {
                return (null, ProblemCatalogue.TooManyTurns("The broker", all));
            }

            if (caller is not null
                && options.Value.Callers.TryGetValue(caller, out var settings)
                && settings.MaxOpenTurns is { } limit
                && _open.Values.Count(other => other == caller) >= limit)
            {
                return (null, ProblemCatalogue.TooManyTurns($"The caller '{caller}'", limit));
            }

            _open.Add(key, caller);
            return (new Place(this, key), null);
        }
    }

    /// <returns>Whether turns were found to have ended.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_look is var (at, took) && time.GetElapsedTime(at) is var rest && (rest < s_betweenLooks || rest < took * RestAfterLook))
            {
                return false;
            }

            var began = time.GetTimestamp();
            List<Key> open;
            lock (_lock)
            {
                open = [.. _open.Keys];
            }

            var ended = 0;
            var limits = new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(open, limits, async (key, token) =>
            {
                // What has no row yet is on its way to one.
                if (await turns.FindAsync(key.Session, key.Turn, token) is { Value: var turn } && turn.Status.IsTerminal())
                {
                    Leave(key.Session, key.Turn);
                    Interlocked.Increment(ref ended);
                }
            });
            _look = (time.GetTimestamp(), time.GetElapsedTime(began));
            return ended > 0;
        }
        finally
        {
            _looking.Release();
        }
    }

    internal readonly record struct Key(SessionId Session, TurnId Turn);

    /// <summary>A turn's place among those that are open; given back unless the turn is kept.</summary>
    internal sealed class Place(OpenTurns owner, Key key) : IDisposable
    {
        public bool IsKept { get; set; }

        public void Dispose()
        {
            if (!IsKept)
            {
                owner.Leave(key.Session, key.Turn);
            }
        }
    }
}
