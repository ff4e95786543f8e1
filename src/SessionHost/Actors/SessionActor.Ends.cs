using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Makes safe how turns ended, and reports it.</summary>
internal sealed partial class SessionActor
{
    private const string TakenOver = "The turn was handed to this host again.";

    // So long the front that was given an answer has to send the reply message; then others do.
    private static readonly TimeSpan s_followed = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_hearingPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_savingPatience = TimeSpan.FromSeconds(1);

    /// <summary>How long a session is kept whose turn said that no other is likely to follow.</summary>
    private static readonly TimeSpan s_oneOffTtl = TimeSpan.FromMinutes(10);

    /// <summary>Makes an outcome safe, frees the session for its next turn, and then tells the front, in this order.</summary>
    private async Task FinishAsync(TurnRun run, FinishedTurn finished)
    {
        var request = run.Request;
        if (finished.Reply is not null && request.CallbackUnlessHeard && run.Line.IsOpen)
        {
            finished = finished with { FollowedUntil = finished.FinishedAt + s_followed };
        }

        var recording = RecordAsync(run, request, finished);

        // While the row is on its way, and before the next turn writes to it.
        var keeping = finished.Reply is { Transport: not ClaudeTransports.Api } reply
            ? _process.KeepAsync(answered: request.Command is null && reply is { Text.Length: > 0, Usage.OutputTokens: > 0 }, _services.Aborting)
            : Task.FromResult<KeptTranscript?>(null);
        var recorded = await recording;
        _services.Metrics.TurnEnded(finished);
        TryPost(new SessionCommand.TurnEnded(request, finished, recorded));
        if (recorded.Result == RecordResult.Recorded)
        {
            if (_claim.Record is { Profile: var profile })
            {
                _services.Usage.Add(profile, UsageOf.Turn(finished.Reply));
            }

            // The front may send the next turn elsewhere, where it had to be told of this one if the transcript were not there yet.
            var saving = SaveSessionAsync(run.TurnId, request, finished, keeping);
            await Task.WhenAny(saving, Task.Delay(s_savingPatience, _services.Time));

            // Read again: somebody may have come to wait for the callback.
            if (finished.Reply is null || !run.Request.CallbackUnlessHeard || !await run.Line.IsHeardAsync(s_hearingPatience, _services.Time))
            {
                _services.Callbacks.Send(request.CallbackUrl, finished.ToMessage(_session.Value, request));
            }

            await saving;
        }
    }

    // Whatever happens here, the session has to be free again for its next turn.
    private async Task<Recording> RecordAsync(TurnRun run, HostTurnRequest request, FinishedTurn finished)
    {
        try
        {
            var row = run.Row is null ? null : await run.Row;
            return await _services.Recorder.RecordAsync(_session, request, finished, row, _services.Aborting);
        }
        catch (Exception exception)
        {
            LogTurnBroke(_services.Logger, exception, _session, run.TurnId, "none");
            return new Recording(RecordResult.GivenUp);
        }
    }

    // What a later process, perhaps on another host, begins with.
    private async Task SaveSessionAsync(TurnId turn, HostTurnRequest request, FinishedTurn finished, Task<KeptTranscript?> keeping)
    {
        try
        {
            var kept = await keeping;
            string? former = null;
            var saved = await _claim.UpdateAsync(
                request.Epoch,
                record =>
                {
                    former = record.TranscriptBlob;
                    return WithTranscript(record, turn, kept) with
                    {
                        LastTurnId = turn,
                        LastUsedAt = finished.FinishedAt,
                        ExpiresAt = finished.FinishedAt + (request.OneOff ? s_oneOffTtl : record.Ttl ?? _services.SessionTtl),
                        Totals = record.Totals.Plus(UsageOf.Turn(finished.Reply)),
                    };
                },
                _services.Aborting);
            if (saved && kept is not null && former is not null && former != kept.Blob)
            {
                await _process.DropAsync(former);
            }
        }
        catch (Exception exception)
        {
            // The next turn's write carries the same figures.
            LogSaveFailed(_services.Logger, exception, _session);
        }
    }

    // A turn that failed may be tried again, and what it did is then looked for behind the last one that was answered. The next
    // turn may have been faster with its row, or have begun another conversation.
    private static SessionRecord WithTranscript(SessionRecord record, TurnId turn, KeptTranscript? kept) =>
        kept is null || kept.ClaudeSessionId != record.ClaudeSessionId || (kept.Blob == record.TranscriptBlob && kept.Length <= record.TranscriptOffset)
            ? record
            : record with { TranscriptBlob = kept.Blob, TranscriptOffset = kept.Length, TranscriptDigest = kept.Digest, TranscriptTurnId = turn };

    private async Task EndTurnAsync(HostTurnRequest request, FinishedTurn finished, Recording recording)
    {
        if (_run is not { } run)
        {
            return;
        }

        var (result, recorded) = recording;
        if (recorded is not null)
        {
            // Whoever hears of it may send the next turn at once: that is looked at after this.
            run.TellRecorded(recorded);
        }

        // What nobody could be told of is not claimed to have ended: the next attempt finds the answer in the transcript.
        _last = result == RecordResult.GivenUp ? null : LastTurn.Of(request, finished, result == RecordResult.Recorded);
        if (run.Request.Epoch != request.Epoch)
        {
            // Taken over at the last moment: an answer counts under the newer epoch too, a failure is tried again.
            run.Observer.Observe(new TurnProgress.Reset(TakenOver));
            Track(finished.Reply is null ? RunAsync(run) : FinishAsync(run, finished));
            return;
        }

        EndEvents(run, finished, result);
        run.Dispose();
        Volatile.Write(ref _idleSince, _services.Time.GetTimestamp());
        Volatile.Write(ref _run, null);
        await (_recycling || request.OneOff ? _process.GiveUpAsync() : _process.RestAsync());
        _recycling = false;
        if (request.OneOff)
        {
            EndLoop();
        }

        EndLoopIfRetired();
    }

    // Only now, when the outcome is safe: a listener is never told of an answer that another run may contradict.
    private void EndEvents(TurnRun run, FinishedTurn finished, RecordResult result) =>
        run.Relay.End(result switch
        {
            RecordResult.Recorded when finished.Reply is { } reply => new TurnEvent.Completed(reply),
            RecordResult.Recorded when finished.Problem is { } problem => new TurnEvent.Failed(finished.Outcome, problem),
            _ => new TurnEvent.Failed(AttemptOutcome.Lost, ProblemCatalogue.HostLost(_services.HostId)),
        });
}
