using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Turns;
using Microsoft.DurableTask;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>The attempts of one turn, inside its orchestration: deterministic, no services, no clock but the context's.</summary>
internal sealed class TurnRun(TaskOrchestrationContext context, RunTurn input, TaskOptions activityOptions)
{
    private const double ProbeBackoff = 1.5;

    // A host that beats but cannot be reached keeps a turn for so many times the first probe's interval, a minute by default.
    private const int LongestSilence = 30;

    private static readonly TimeSpan s_longestProbeInterval = TimeSpan.FromSeconds(15);

    // The host stops a process in less; what it reports later no longer counts.
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(30);

    private readonly DateTime _limit = context.CurrentUtcDateTime + input.Policy.TurnLimit;
    private readonly DateTime _expiresAt = input.ExpiresAt?.UtcDateTime ?? DateTime.MaxValue;
    private readonly TurnSignals _signals = new(context);
    private readonly TurnCourse _course = new(input.Policy.MaxAttempts);

    private TurnSetback? _setback;
    private Problem? _stopping;

    public Placement? Placement { get; private set; } = input.Placement;

    private DateTime End => Earlier(_limit, _expiresAt);

    /// <returns>Null when the turn has its reply; how it ends otherwise.</returns>
    public async Task<Problem?> RunAsync()
    {
        while (true)
        {
            await _signals.ListenAsync();
            if (FindStop() is { } stop)
            {
                return stop.Code == ProblemCodes.TurnTimedOut && _setback is not null ? _setback.Problem : stop;
            }

            var dispatch = input.Dispatched is { } sent && _setback is null
                ? new DispatchOutcome { Placement = sent.Placement, OtherHosts = sent.OtherHosts }
                : await DispatchAsync();
            if (dispatch.Ended)
            {
                return null;
            }

            _setback = dispatch.Setback ?? await FollowAsync(dispatch);
            if (_setback is null || _stopping is not null)
            {
                return _setback is null ? null : _stopping;
            }

            switch (_course.After(_setback, dispatch.OtherHosts, End - context.CurrentUtcDateTime))
            {
                case RetryStep.Again(var delay):
                    await _signals.WaitAsync(context.CurrentUtcDateTime + delay, epoch: null);
                    break;
                case RetryStep.Fail(var problem):
                    return problem;
            }
        }
    }

    private async Task<DispatchOutcome> DispatchAsync()
    {
        var dispatch = await context.CallActivityAsync<DispatchOutcome>(
            nameof(TurnActivities.DispatchTurn),
            new DispatchTurn(input.SessionId, input.TurnId)
            {
                Placement = Placement,

                // A refusal leaves the epoch good. After anything else the next attempt has one of its own, so that nothing
                // of the one before can still end the turn.
                RenewEpoch = _setback is { Kind: not SetbackKind.Refused } or { Problem.Code: ProblemCodes.StaleEpoch },
                Avoid = _course.Avoid,
                PreviousProblem = _setback is { Kind: not SetbackKind.Lost } ? _setback.Problem : null,
                PreviousRefused = _setback is { Kind: SetbackKind.Refused },
            },
            activityOptions);
        Placement = dispatch.Placement ?? Placement;
        return dispatch;
    }

    /// <summary>Waits for the end of a running attempt, asks the host when it is silent, and stops it when that is wanted.</summary>
    /// <returns>Null when the turn completed; why the attempt is over otherwise.</returns>
    private async Task<TurnSetback?> FollowAsync(DispatchOutcome dispatch)
    {
        var placement = dispatch.Placement ?? throw new InvalidOperationException("The turn runs nowhere.");
        var interval = input.Policy.ProbeInterval;
        var silentSince = context.CurrentUtcDateTime;
        var giveUpAt = DateTime.MaxValue;
        var finished = dispatch.Finished;
        while (finished is null)
        {
            var until = Earlier(context.CurrentUtcDateTime + interval, _stopping is null ? End : giveUpAt);
            finished = await _signals.WaitAsync(until, placement.Epoch);
            if (finished is not null)
            {
                break;
            }

            if (_stopping is null && FindStop() is not null)
            {
                giveUpAt = context.CurrentUtcDateTime + s_stopPatience;
                interval = input.Policy.ProbeInterval;
            }

            var probe = await AskAsync(placement);
            finished = probe.Finished;
            silentSince = probe.Silent ? silentSince : context.CurrentUtcDateTime;
            if (probe.Lost || context.CurrentUtcDateTime >= giveUpAt || context.CurrentUtcDateTime - silentSince >= input.Policy.ProbeInterval * LongestSilence)
            {
                break;
            }

            interval = Shorter(interval * ProbeBackoff, s_longestProbeInterval);
        }

        return Judge(finished, placement);
    }

    private Task<ProbeOutcome> AskAsync(Placement placement) =>
        context.CallActivityAsync<ProbeOutcome>(
            _stopping is null ? nameof(TurnActivities.ProbeTurn) : nameof(TurnActivities.CancelAttempt),
            new ProbeTurn(input.SessionId, input.TurnId, placement),
            activityOptions);

    /// <returns>How the turn ends now that somebody wants it to stop, or that its time is up; null when it may go on.</returns>
    private Problem? FindStop() =>
        _stopping ??= _signals.StopReason
            ?? (context.CurrentUtcDateTime >= _expiresAt ? ProblemCatalogue.TurnExpired()
                : context.CurrentUtcDateTime >= _limit ? ProblemCatalogue.TurnTimedOut(input.Policy.TurnLimit)
                : null);

    private static TurnSetback? Judge(TurnFinished? finished, Placement placement) =>
        finished switch
        {
            { Outcome: AttemptOutcome.Completed } => null,
            { Problem: { } problem } => new TurnSetback(SetbackKind.Failed, problem, placement.HostId),
            _ => new TurnSetback(SetbackKind.Lost, ProblemCatalogue.HostLost(placement.HostId), placement.HostId),
        };

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
