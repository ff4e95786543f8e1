using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Mailbox;
using Microsoft.DurableTask;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>The attempts of one turn, inside its orchestration: deterministic, no services, no clock but the context's.</summary>
internal sealed class TurnRun(TaskOrchestrationContext context, RunTurn input, TaskOptions activityOptions)
{
    private const double ProbeBackoff = 1.5;
    private static readonly TimeSpan s_longestProbeInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private readonly DateTime _deadline = context.CurrentUtcDateTime + input.Policy.TurnLimit;

    // One wait stands at any time and outlives the attempts: an event goes to the oldest wait, which must not be an abandoned one.
    private Task<TurnFinished>? _finished;
    private bool _renewEpoch;
    private string? _avoidHostId;
    private Problem? _previousProblem;

    public Placement? Placement { get; private set; } = input.Placement;

    /// <returns>Null when the turn has its reply; why it failed otherwise.</returns>
    public async Task<Problem?> RunAsync()
    {
        var attempts = 0;
        var refusals = 0;
        while (true)
        {
            var dispatch = input.Dispatched && attempts + refusals == 0
                ? new DispatchOutcome { Placement = Placement }
                : await DispatchAsync();
            if (dispatch.Ended)
            {
                return null;
            }

            var problem = dispatch.Problem;
            if (problem is null)
            {
                attempts++;
                refusals = 0;
                problem = await FollowAsync(dispatch.Placement!);
                if (problem is null)
                {
                    return null;
                }
            }
            else
            {
                refusals++;
            }

            if (!problem.Retryable || attempts >= input.Policy.MaxAttempts || !await PauseAsync(problem, attempts + refusals))
            {
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
                RenewEpoch = _renewEpoch,
                AvoidHostId = _avoidHostId,
                PreviousProblem = _previousProblem,
            },
            activityOptions);
        Placement = dispatch.Placement ?? Placement;
        _previousProblem = dispatch.Problem;

        // Silence leaves open what the host did; a refusal does not, and the epoch it was offered is still good.
        _renewEpoch = dispatch.Problem is { Code: ProblemCodes.HostUnreachable or ProblemCodes.StaleEpoch };
        _avoidHostId = dispatch.Problem is null or { Code: ProblemCodes.SessionBusy } ? null : dispatch.Placement?.HostId;
        return dispatch;
    }

    /// <summary>Waits for the end of a running attempt, and asks the host when it is silent.</summary>
    /// <returns>Null when it completed; why it is over otherwise.</returns>
    private async Task<Problem?> FollowAsync(Placement placement)
    {
        var interval = input.Policy.ProbeInterval;
        while (true)
        {
            if (await HearAsync(placement.Epoch, interval) is { } heard)
            {
                return Judge(heard, placement);
            }

            var probe = await context.CallActivityAsync<ProbeOutcome>(
                nameof(TurnActivities.ProbeTurn),
                new ProbeTurn(input.SessionId, input.TurnId, placement),
                activityOptions);
            if (probe.Finished is not null || probe.Lost)
            {
                return Judge(probe.Finished, placement);
            }

            if (context.CurrentUtcDateTime >= _deadline)
            {
                return ProblemCatalogue.TurnTimedOut(input.Policy.TurnLimit);
            }

            interval = Shorter(interval * ProbeBackoff, s_longestProbeInterval);
        }
    }

    /// <returns>The host's word about this epoch, or null when it was silent for so long.</returns>
    private async Task<TurnFinished?> HearAsync(long epoch, TimeSpan patience)
    {
        using var stop = new CancellationTokenSource();
        var timer = context.CreateTimer(Shorter(patience, TimeLeft()), stop.Token);
        while (true)
        {
            _finished ??= context.WaitForExternalEvent<TurnFinished>(TurnOrchestration.TurnFinishedEvent);
            if (await Task.WhenAny(_finished, timer) == timer)
            {
                return null;
            }

            var heard = await _finished;
            _finished = null;
            if (heard.Epoch == epoch)
            {
                CancelTimer(stop);
                return heard;
            }
        }
    }

    // Not CancelAsync: what it returns is completed by the thread pool, and an orchestrator may await durable tasks only.
    private static void CancelTimer(CancellationTokenSource stop) => stop.Cancel();

    private Problem? Judge(TurnFinished? finished, Placement placement)
    {
        if (finished?.Outcome == AttemptOutcome.Completed)
        {
            return null;
        }

        // The next attempt runs under an epoch of its own, so that nothing of this one can still end the turn.
        _renewEpoch = true;
        _avoidHostId = finished is null ? placement.HostId : null;
        _previousProblem = finished?.Problem;
        return finished?.Problem ?? ProblemCatalogue.HostLost(placement.HostId);
    }

    /// <returns>False when there is no time left for another try.</returns>
    private async Task<bool> PauseAsync(Problem problem, int tries)
    {
        var pause = problem.RetryAfterSeconds is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : Shorter(TimeSpan.FromSeconds(0.25) * Math.Pow(2, tries - 1), s_longestPause);
        if (problem.Code == ProblemCodes.HostLost)
        {
            pause = TimeSpan.Zero;
        }

        if (pause >= TimeLeft())
        {
            return false;
        }

        if (pause > TimeSpan.Zero)
        {
            await context.CreateTimer(pause, CancellationToken.None);
        }

        return true;
    }

    private TimeSpan TimeLeft()
    {
        var left = _deadline - context.CurrentUtcDateTime;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
