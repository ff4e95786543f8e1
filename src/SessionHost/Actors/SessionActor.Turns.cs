using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Attachments;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Takes turns in, runs and cancels them.</summary>
internal sealed partial class SessionActor
{
    /// <summary>How many turns may wait for a process here, as a multiple of the processes.</summary>
    private const int LongestLine = 10;

    /// <summary>For a session whose own profile this host does not have; its turn fails for that.</summary>
    private static readonly ClaudeProfile s_anyProfile = new();

    private async Task<SubmitOutcome> SubmitAsync(HostTurnRequest request)
    {
        if (_run is { } run)
        {
            return await JoinAsync(run, request);
        }

        if (_last is { } last && last.Request.TurnId == request.TurnId && await RepeatAsync(last, request) is { } repeated)
        {
            return repeated;
        }

        if (request.Profile is { } profile && !_services.Profiles.Contains(profile))
        {
            return Rejected(ProblemCatalogue.UnknownProfile(profile, _services.Profiles.Names));
        }

        if (await ClaimAsync(request) is { } problem)
        {
            return Rejected(problem);
        }

        if (CheckAttachments(request, out var attachments) is { } fault)
        {
            return Rejected(fault);
        }

        if (!_process.TryUse()
            && (_services.Slots.InLine >= _services.Slots.Limit * LongestLine || await _services.OtherHosts.TryTakeRoomAsync(_claim.Record?.Profile)))
        {
            return Rejected(ProblemCatalogue.HostAtCapacity(_services.Slots.Limit));
        }

        _callbackUrl = request.CallbackUrl;
        run = NewRun(request, _services.Time.GetUtcNow(), attachments);
        Volatile.Write(ref _run, run);
        Track(RunAsync(run));
        return Running(request, run);
    }

    // The turn is running. Its front may have lost sight of it and dispatched it again under a new epoch.
    private async Task<SubmitOutcome> JoinAsync(TurnRun run, HostTurnRequest request)
    {
        if (run.Request.TurnId != request.TurnId)
        {
            return Rejected(ProblemCatalogue.SessionBusy());
        }

        if (request.Epoch < run.Request.Epoch)
        {
            return Rejected(ProblemCatalogue.StaleEpoch(run.Request.Epoch, request.Epoch));
        }

        if (request.Epoch > run.Request.Epoch)
        {
            if (await ClaimAsync(request) is { } problem)
            {
                return Rejected(problem);
            }

            run.Request = request;
        }
        else if (!request.CallbackUnlessHeard)
        {
            // Somebody waits for the callback now.
            run.Request = run.Request with { CallbackUnlessHeard = false };
        }

        return Running(request, run);
    }

    // The turn has run here. Null means that it is to be run once more.
    private async Task<SubmitOutcome?> RepeatAsync(LastTurn last, HostTurnRequest request)
    {
        if (request.Epoch < last.Request.Epoch)
        {
            return Rejected(ProblemCatalogue.StaleEpoch(last.Request.Epoch, request.Epoch));
        }

        var sameAttempt = request.Epoch == last.Request.Epoch && request.Attempt <= last.Request.Attempt;
        if (sameAttempt || (last.Recorded && last.Finished.Outcome == AttemptOutcome.Completed))
        {
            return new SubmitOutcome.Accepted(ToHostTurn(request, HostTurnState.Finished, last.Finished), s_notRecorded, Line: null);
        }

        if (last.Finished.Reply is null)
        {
            return null;
        }

        // It was answered, but under an epoch that no longer counted: the answer is recorded under the new one.
        if (await ClaimAsync(request) is { } problem)
        {
            return Rejected(problem);
        }

        var run = NewRun(request, last.Finished.StartedAt, []);
        Volatile.Write(ref _run, run);
        Track(FinishAsync(run, last.Finished));
        return Running(request, run);
    }

    private async Task<Problem?> ClaimAsync(HostTurnRequest request)
    {
        // A dispatch under the epoch that is held is believed while the host beats; without that, or without a process, look again.
        var trustHeld = (_run is not null || _process.IsAlive) && !_services.Beat.IsCutOff;
        switch (await _claim.TakeAsync(request.Epoch, request.Profile, SessionHostOptions.DefaultProfile, trustHeld, CancellationToken.None))
        {
            case Ownership.Lost(var held):
                return ProblemCatalogue.StaleEpoch(held, request.Epoch);
            case Ownership.Held(_, var former) when _run is { } run:
                if (_process.TryTakeUp(former))
                {
                    return null;
                }

                // Another host has had the session while this one was away: what runs here goes on from a conversation that is no more.
                run.Stop(ProblemCatalogue.HostLost(_services.HostId));
                return ProblemCatalogue.SessionBusy();
            case Ownership.Held(_, var former):
                await _process.TakeUpAsync(former);
                return null;
            default:
                throw new UnreachableException();
        }
    }

    private HostTurn? Find(string turnId)
    {
        if (_run is { } run && run.Request.TurnId == turnId)
        {
            return ToHostTurn(run.Request, HostTurnState.Running, null);
        }

        return _last is { } last && last.Request.TurnId == turnId
            ? ToHostTurn(last.Request, HostTurnState.Finished, last.Finished)
            : null;
    }

    private HostTurn? Cancel(string turnId)
    {
        if (_run is { } run && run.Request.TurnId == turnId)
        {
            run.Stop(ProblemCatalogue.TurnCancelled());
        }

        return Find(turnId);
    }

    private ClaudeProfile? Profile => _claim.Record is { Profile: var name } ? _services.Profiles.Find(_session, name) : null;

    private Problem? CheckAttachments(HostTurnRequest request, out IReadOnlyList<CheckedAttachment> attachments)
    {
        var profile = Profile ?? s_anyProfile;
        return AttachmentRules.Check(request.Attachments ?? [], new AttachmentLimits(profile.MaxAttachments, profile.MaxAttachmentBytes), out attachments);
    }

    private TurnRun NewRun(HostTurnRequest request, DateTimeOffset startedAt, IReadOnlyList<CheckedAttachment> attachments)
    {
        var profile = Profile ?? s_anyProfile;
        var policy = new PermissionPolicy(profile.Permissions == PermissionHandling.Relay, profile.PermissionTimeout);
        var relay = _services.Relays.Begin(_session, request.TurnId, policy);
        TurnRun? run = null;
        return run = new TurnRun(request, startedAt)
        {
            Attachments = attachments,
            Relay = relay,
            Observer = new ToolWatch(relay, () => run!.Row = _services.Recorder.NoteToolsAsync(_session, run.Request, run.Row, run.Stopping)),
        };
    }

    private async Task RunAsync(TurnRun run)
    {
        using var activity = Diagnostics.StartTurn(_session, run.Request);
        FinishedTurn finished;
        try
        {
            // The session may have been used under a profile that this host does not have, or has no longer.
            var problem = await TakePlaceAsync(run) ?? (_claim.Record is { Profile: var profile } && !_services.Profiles.Contains(profile)
                ? ProblemCatalogue.UnknownProfile(profile, _services.Profiles.Names)
                : await _process.BeginAnewIfAskedAsync(run) ?? await BringConversationAsync(run));
            if (problem is null)
            {
                await _process.RotateIfDueAsync(run);
                run.Note(_process.TakeNotes());
            }

            finished = problem is not null ? run.Fail(problem, _services.Time)
                : run.Request is { Command: ConversationCommand.Clear, Prompt: "" } ? run.Clear(_services.Time)
                : await _services.Pipeline.RunAsync(_session, run, _process);
            if (await _process.FollowAsync(run))
            {
                finished = finished.With(TurnRun.AnotherConversationNotice);
            }
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            finished = run.Fail(ProblemCatalogue.Interrupted(), _services.Time);
        }
        catch (Exception exception) when (DiskSpace.IsFull(exception))
        {
            LogDiskFull(_services.Logger, exception, _session, run.TurnId);
            finished = run.Fail(ProblemCatalogue.HostDiskFull(), _services.Time);
        }
        catch (Exception exception)
        {
            var traceId = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N");
            LogTurnBroke(_services.Logger, exception, _session, run.TurnId, traceId);
            finished = run.Fail(ProblemCatalogue.InternalError(traceId), _services.Time);
        }

        activity?.SetTag("broker.transport", finished.Reply?.Transport)
            .SetStatus(finished.Problem is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, finished.Problem?.Code);
        if (run.StopReason is { Code: ProblemCodes.HostLost })
        {
            // The session may be another host's, and that this turn has ended may not be written for minutes.
            await _process.GiveUpAsync();
        }

        await FinishAsync(run, finished);
    }

    /// <summary>Waits until the turn may have a process, or another host has room for it.</summary>
    /// <returns>Why the turn may not run here.</returns>
    private async Task<Problem?> TakePlaceAsync(TurnRun run)
    {
        if (!_process.IsWaiting)
        {
            return null;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(run.Stopping);
        var taking = _process.UseAsync(leaving.Token);
        while (await Task.WhenAny(taking, Task.Delay(OtherHosts.Interval, _services.Time)) != taking)
        {
            if (await _services.OtherHosts.TryTakeRoomAsync(_claim.Record?.Profile))
            {
                await leaving.CancelAsync();
            }
        }

        try
        {
            await taking;
            return null;
        }
        catch (OperationCanceledException) when (!run.Stopping.IsCancellationRequested)
        {
            return ProblemCatalogue.HostAtCapacity(_services.Slots.Limit);
        }
    }

    /// <returns>Why the turn may not run.</returns>
    private async Task<Problem?> BringConversationAsync(TurnRun run)
    {
        var (fetched, problem) = await _process.FetchAsync(run.Stopping);
        if (!fetched || run.Request.Attempt == 1 || Profile is not { Replay: var rule })
        {
            return problem;
        }

        // What an earlier try has left is on the disk of the host that made it; here only its row is known.
        run.Row = _services.Recorder.PrefetchAsync(_session, run.TurnId, CancellationToken.None);
        if (await run.Row is not { Value: var turn } || !turn.Attempts.Any(attempt => attempt.Number < run.Request.Attempt && attempt.Outcome == AttemptOutcome.Lost))
        {
            return null;
        }

        if (ReplayDecision.Refuse(rule, turn.ToolsUsed, TurnDelivery.CutOff) is { } refusal)
        {
            return refusal;
        }

        run.Note([turn.ToolsUsed ? TurnDelivery.ToolsReplayedNotice : TurnDelivery.ReplayedNotice]);
        return null;
    }

    // A turn's last writes may still go on when the next turn begins.
    private void Track(Task task) => _running = _running.IsCompleted ? task : Task.WhenAll(_running, task);

    private SubmitOutcome.Accepted Running(HostTurnRequest request, TurnRun run) =>
        new(ToHostTurn(request, HostTurnState.Running, null), run.Recorded, run.Line);

    private HostTurn ToHostTurn(HostTurnRequest request, HostTurnState state, FinishedTurn? finished) => new()
    {
        TurnId = request.TurnId,
        Epoch = request.Epoch,
        State = state,
        Finished = finished?.ToMessage(_session.Value, request),
    };

    private static SubmitOutcome.Rejected Rejected(Problem problem) => new(problem);
}
