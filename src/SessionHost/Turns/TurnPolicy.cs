using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Decides what follows a try that brought no answer, as a pure function.</summary>
/// <remarks>
/// An error of the model would be the same by every transport, so the model is asked again in the same way, after a
/// pause, and the profile's limit bounds how often. A process that is lost is replaced once; a second loss, a process
/// that says nothing, and one that does not start lead to the next transport.
/// </remarks>
internal static class TurnPolicy
{
    private const int MaxCrashes = 2;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(15);

    /// <summary>Ends that no further try can change.</summary>
    private static readonly string[] s_final =
        [ProblemCodes.Interrupted, ProblemCodes.TurnNotReplayed, ProblemCodes.StaleEpoch, ProblemCodes.UnknownProfile];

    public static NextStep After(FailedTry failed, TurnSituation now)
    {
        var problem = failed.Problem;
        if (s_final.Contains(problem.Code))
        {
            return new NextStep.End(problem);
        }

        if (now.Left <= TimeSpan.Zero)
        {
            return new NextStep.End(ProblemCatalogue.TurnTimedOut(now.Max));
        }

        if (!failed.Sent)
        {
            return FallBack(problem, now);
        }

        if (!failed.ProcessLost && problem.Code != ProblemCodes.TurnTimedOut)
        {
            return AskAgain(failed, now);
        }

        if (!CanGoOn(failed, now))
        {
            return new NextStep.End(problem);
        }

        return ReplayDecision.Refuse(now.Profile.Replay, failed.ToolsUsed, problem.Title + ".") is { } refusal ? new NextStep.End(refusal)
            : failed.ProcessLost && now.Crashes < MaxCrashes ? new NextStep.Again(TimeSpan.Zero, false, "The process ended in the middle of the turn and was replaced.")
            : FallBack(problem, now);
    }

    /// <summary>The pause before a retry: twice as long each time, spread over its second half.</summary>
    /// <param name="retries">How many there were before.</param>
    public static TimeSpan Backoff(int retries, double jitter)
    {
        var whole = Math.Min(s_firstDelay.TotalSeconds * Math.Pow(2, retries), s_longestDelay.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (0.5 + (jitter / 2)));
    }

    private static NextStep AskAgain(FailedTry failed, TurnSituation now)
    {
        var problem = failed.Problem;
        if (!problem.Retryable || now.Retries >= now.Profile.MaxRetries)
        {
            return new NextStep.End(problem);
        }

        var backoff = Backoff(now.Retries, now.Jitter);
        var delay = problem.RetryAfterSeconds is { } seconds && TimeSpan.FromSeconds(seconds) > backoff ? TimeSpan.FromSeconds(seconds) : backoff;
        if (delay >= now.Left)
        {
            return new NextStep.End(problem);
        }

        // The CLI has told of the end itself, so without tools nothing has happened that a second run could repeat.
        return failed.ToolsUsed && ReplayDecision.Refuse(now.Profile.Replay, toolsUsed: true, problem.Title + ".") is { } refusal
            ? new NextStep.End(refusal)
            : new NextStep.Again(delay, true, $"The model was asked again after an error: {problem.Title} ({problem.Code}).");
    }

    private static bool CanGoOn(FailedTry failed, TurnSituation now) =>
        now.CanFallBack || (failed.ProcessLost && now.Crashes < MaxCrashes);

    private static NextStep FallBack(Problem problem, TurnSituation now) =>
        now.CanFallBack
            ? new NextStep.FallBack($"Another way to the model was taken after a failure: {problem.Title} ({problem.Code}).")
            : new NextStep.End(problem);
}

/// <summary>A try at a turn that brought no answer.</summary>
/// <param name="Sent">Whether the prompt may have reached the model.</param>
/// <param name="ToolsUsed">Whether a tool was called, so that the try may have had an effect.</param>
/// <param name="ProcessLost">Whether the process ended in the middle of it by itself.</param>
internal sealed record FailedTry(Problem Problem, bool Sent, bool ToolsUsed, bool ProcessLost);

/// <summary>Where a turn stands when a try has failed.</summary>
internal sealed record TurnSituation
{
    public required ClaudeProfile Profile { get; init; }

    /// <summary>Whether there is a transport to fall back to.</summary>
    public required bool CanFallBack { get; init; }

    /// <summary>How often a process has ended in the middle of the turn, on this transport.</summary>
    public required int Crashes { get; init; }

    /// <summary>How often the model was asked again.</summary>
    public required int Retries { get; init; }

    /// <summary>How long the whole turn may take.</summary>
    public required TimeSpan Max { get; init; }

    /// <summary>What is left of it.</summary>
    public required TimeSpan Left { get; init; }

    /// <summary>From 0 to 1; spreads the retries of many turns that failed at once.</summary>
    public required double Jitter { get; init; }
}

/// <summary>What a turn does after a try that brought no answer.</summary>
internal abstract record NextStep
{
    private NextStep()
    {
    }

    public sealed record End(Problem Problem) : NextStep;

    /// <summary>The same transport once more.</summary>
    /// <param name="Delay">To wait before it.</param>
    /// <param name="Asks">Whether it is the model that is asked again; otherwise it is a process that is replaced.</param>
    /// <param name="Notice">For the reader of the reply.</param>
    public sealed record Again(TimeSpan Delay, bool Asks, string Notice) : NextStep;

    /// <summary>The next transport of the profile.</summary>
    public sealed record FallBack(string Notice) : NextStep;
}
