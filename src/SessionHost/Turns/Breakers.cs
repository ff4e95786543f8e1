using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>The host's breakers: one for each session whose processes crash, and one for each profile whose processes do not start.</summary>
/// <remarks>Only what has failed of late is kept. They outlive the actors, which come and go with the sessions' use.</remarks>
internal sealed class Breakers(BreakerBounds bounds, TimeProvider time)
{
    private readonly ConcurrentDictionary<SessionId, Breaker> _sessions = new();
    private readonly ConcurrentDictionary<string, Breaker> _profiles = new(StringComparer.Ordinal);

    /// <summary>How many refuse to let anything be tried at the moment.</summary>
    public int Open => _profiles.Values.Concat(_sessions.Values).Count(breaker => breaker.IsOpen);

    /// <returns>Null when a process may be used or started for the session.</returns>
    public Problem? Refuse(SessionId session, string profile)
    {
        if (_profiles.TryGetValue(profile, out var starts) && starts.Refuse() is { } startPause)
        {
            return ProblemCatalogue.ProfileSuspended(profile, starts.Failures, Seconds(startPause));
        }

        if (_sessions.TryGetValue(session, out var crashes) && crashes.Refuse() is { } crashPause)
        {
            starts?.Release();
            return ProblemCatalogue.SessionSuspended(crashes.Failures, Seconds(crashPause));
        }

        return null;
    }

    /// <summary>Takes note of how a try with a process ended.</summary>
    public void Report(SessionId session, string profile, FailedTry? failed)
    {
        switch (failed)
        {
            case { Problem.Code: ProblemCodes.ProcessStartFailed }:
                _profiles.GetOrAdd(profile, _ => new Breaker(bounds, time)).Fail();
                Release(_sessions, session);
                break;
            case { ProcessLost: true }:
                _sessions.GetOrAdd(session, _ => new Breaker(bounds, time)).Fail();
                _profiles.TryRemove(profile, out _);
                break;
            case null or { Sent: true }:
                _sessions.TryRemove(session, out _);
                _profiles.TryRemove(profile, out _);
                break;
            default:
                Release(_sessions, session);
                Release(_profiles, profile);
                break;
        }
    }

    /// <summary>Lets go of what failed long ago and was not tried since.</summary>
    public void Prune()
    {
        Prune(_sessions);
        Prune(_profiles);
    }

    private static void Prune<T>(ConcurrentDictionary<T, Breaker> breakers)
        where T : notnull
    {
        foreach (var breaker in breakers.Where(breaker => breaker.Value.IsForgotten))
        {
            breakers.TryRemove(breaker);
        }
    }

    private static void Release<T>(ConcurrentDictionary<T, Breaker> breakers, T key)
        where T : notnull
    {
        if (breakers.TryGetValue(key, out var breaker))
        {
            breaker.Release();
        }
    }

    private static int Seconds(TimeSpan pause) => (int)Math.Ceiling(pause.TotalSeconds);
}
