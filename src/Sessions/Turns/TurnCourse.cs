using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Sessions.Turns;

/// <summary>Decides what follows each setback of one turn. Deterministic: it has no clock and no chance of its own.</summary>
/// <remarks>
/// A host makes several tries itself before it reports a failure, and the front does not multiply them: such a failure is
/// tried again only on a host that has not had it yet, or after the time that the failure itself names. What is not the
/// turn's own failure (a host that is full, drains or went away, a rate limit) does not use up its attempts as long as
/// there is time, but the sum of all is bounded.
/// </remarks>
/// <param name="maxAttempts">How often the turn may fail or be lost.</param>
public sealed class TurnCourse(int maxAttempts)
{
    /// <summary>How many runs of a turn there may be in all, whatever became of them; a turn's row keeps them all.</summary>
    public const int MaxRuns = 20;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_firstRateLimitPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestRateLimitPause = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _failedOn = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refusedBy = new(StringComparer.Ordinal);
    private int _runs;
    private int _failures;
    private int _refusals;
    private int _silences;
    private int _rateLimits;

    /// <summary>Hosts to leave alone where there is another.</summary>
    public IReadOnlyList<string> Avoid => [.. _failedOn.Union(_refusedBy).Order(StringComparer.Ordinal)];

    /// <param name="otherHosts">The hosts that could take the turn besides the one that the setback concerns.</param>
    /// <param name="left">How much time the turn has left.</param>
    public RetryStep After(TurnSetback setback, IReadOnlyCollection<string> otherHosts, TimeSpan left)
    {
        ArgumentNullException.ThrowIfNull(setback);
        ArgumentNullException.ThrowIfNull(otherHosts);

        var step = setback.Kind == SetbackKind.Refused ? AfterRefusal(setback, otherHosts) : AfterRun(setback, otherHosts);
        if (step is not RetryStep.Again(var delay) || delay < left)
        {
            return step;
        }

        // A host may be found until the last moment, and then it is the time that ends the turn; what names a later time itself
        // is known not to come in time.
        return setback.Kind is SetbackKind.Refused or SetbackKind.Silent
            ? new RetryStep.Again(left > TimeSpan.Zero ? left : TimeSpan.Zero)
            : new RetryStep.Fail(setback.Problem);
    }

    private RetryStep AfterRefusal(TurnSetback setback, IReadOnlyCollection<string> otherHosts)
    {
        var problem = setback.Problem;
        if (!CanHelp(problem))
        {
            return new RetryStep.Fail(problem);
        }

        if (setback.HostId is { } host && problem.Code != ProblemCodes.SessionBusy)
        {
            _refusedBy.Add(host);
            if (otherHosts.Except(_refusedBy).Any())
            {
                return new RetryStep.Again(TimeSpan.Zero);
            }
        }

        _refusedBy.Clear();
        return new RetryStep.Again(Longer(problem, Pause(s_firstPause, s_longestPause, _refusals++)));
    }

    private RetryStep AfterRun(TurnSetback setback, IReadOnlyCollection<string> otherHosts)
    {
        var problem = setback.Problem;
        _refusedBy.Clear();
        _refusals = 0;
        if (!CanHelp(problem) || ++_runs >= MaxRuns)
        {
            return new RetryStep.Fail(problem);
        }

        return problem.Code switch
        {
            ProblemCodes.HostDraining or ProblemCodes.HostAtCapacity => Leave(setback, TimeSpan.Zero),
            _ when setback.Kind == SetbackKind.Silent => AfterSilence(setback, otherHosts),
            ProblemCodes.ModelRateLimited => new RetryStep.Again(Longer(problem, Pause(s_firstRateLimitPause, s_longestRateLimitPause, _rateLimits++))),
            _ when ++_failures >= maxAttempts => new RetryStep.Fail(problem),
            _ when setback.Kind == SetbackKind.Lost || problem.Code is ProblemCodes.StaleEpoch or ProblemCodes.HostLost => Leave(setback, TimeSpan.Zero),
            _ => AfterFailure(setback, otherHosts),
        };
    }

    private RetryStep.Again AfterSilence(TurnSetback setback, IReadOnlyCollection<string> otherHosts)
    {
        var pause = Longer(setback.Problem, Pause(s_firstPause, s_longestPause, _silences));
        return Leave(setback, _silences++ == 0 && otherHosts.Count > 0 ? TimeSpan.Zero : pause);
    }

    private RetryStep AfterFailure(TurnSetback setback, IReadOnlyCollection<string> otherHosts)
    {
        if (setback.HostId is { } host)
        {
            _failedOn.Add(host);
        }

        if (otherHosts.Except(_failedOn).Any())
        {
            return new RetryStep.Again(Pause(s_firstPause, s_longestPause, _failures - 1));
        }

        return setback.Problem.RetryAfterSeconds is { } seconds
            ? new RetryStep.Again(TimeSpan.FromSeconds(seconds))
            : new RetryStep.Fail(setback.Problem);
    }

    private RetryStep.Again Leave(TurnSetback setback, TimeSpan delay)
    {
        if (setback.HostId is { } host)
        {
            _refusedBy.Add(host);
        }

        return new RetryStep.Again(delay);
    }

    // A stale epoch is a matter between the front and the host: the next dispatch has a newer one.
    private static bool CanHelp(Problem problem) => problem.Retryable || problem.Code == ProblemCodes.StaleEpoch;

    private static TimeSpan Longer(Problem problem, TimeSpan pause) =>
        problem.RetryAfterSeconds is { } seconds && TimeSpan.FromSeconds(seconds) > pause ? TimeSpan.FromSeconds(seconds) : pause;

    private static TimeSpan Pause(TimeSpan first, TimeSpan longest, int earlier)
    {
        var pause = first * Math.Pow(2, Math.Min(earlier, 16));
        return pause < longest ? pause : longest;
    }
}

/// <summary>Why a turn has no reply yet.</summary>
/// <param name="HostId">The host that it concerns; null when there was none.</param>
public sealed record TurnSetback(SetbackKind Kind, Problem Problem, string? HostId);

/// <summary>In which way a turn got no reply.</summary>
public enum SetbackKind
{
    /// <summary>No host took it, so nothing of it ran.</summary>
    Refused,

    /// <summary>A host was asked and said nothing: what it did is unknown.</summary>
    Silent,

    /// <summary>A host ran it and said why there is no reply. It has made all the tries that its profile allows.</summary>
    Failed,

    /// <summary>The host that ran it went away.</summary>
    Lost,
}

/// <summary>What follows a setback.</summary>
public abstract record RetryStep
{
    private RetryStep()
    {
    }

    /// <summary>The turn fails.</summary>
    public sealed record Fail(Problem Problem) : RetryStep;

    /// <summary>The turn is dispatched again after the delay.</summary>
    public sealed record Again(TimeSpan Delay) : RetryStep;
}
