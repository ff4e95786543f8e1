using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    private async Task RunAsync(TurnRun run)
    {
        using var activity = Diagnostics.StartTurn(_session, run.Request);
        FinishedTurn finished;
        try
        {
            await _process.RotateIfDueAsync(run);

            // The session may have been used under a profile that this host does not have, or has no longer.
            finished = _claim.Record is { Profile: var profile } && !_services.Profiles.Contains(profile)
                ? run.Fail(ProblemCatalogue.UnknownProfile(profile, _services.Profiles.Names), _services.Time)
                : await _services.Pipeline.RunAsync(_session, run, _process);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            finished = run.Fail(ProblemCatalogue.Interrupted(), _services.Time);
        }
        catch (Exception exception)
        {
            var traceId = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N");
            LogTurnBroke(_services.Logger, exception, _session, run.TurnId, traceId);
            finished = run.Fail(ProblemCatalogue.InternalError(traceId), _services.Time);
        }

        activity?.SetTag("broker.transport", finished.Reply?.Transport)
            .SetStatus(finished.Problem is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, finished.Problem?.Code);
        await FinishAsync(run, finished);
    }

    /// <summary>Makes an outcome safe, frees the session for its next turn, and then tells the front, in this order.</summary>
    private async Task FinishAsync(TurnRun run, FinishedTurn finished)
    {
        var request = run.Request;
        var row = run.Row is null ? null : await run.Row;
        var recording = _services.Recorder.RecordAsync(_session, request, finished, row, _services.Aborting);

        // While the row is on its way, and before the next turn writes to it.
        var transcriptLength = _claim.Record is { } record ? _process.FoldersOf(record).Transcript(record.ClaudeSessionId).Length : 0;
        var recorded = await recording;
        _services.Metrics.TurnEnded(finished);
        TryPost(new SessionCommand.TurnEnded(request, finished, recorded));
        if (recorded.Result == RecordResult.Recorded)
        {
            _services.Callbacks.Send(request.CallbackUrl, finished.ToMessage(_session.Value, request));
            if (_claim.Record is { Profile: var profile })
            {
                _services.Usage.Add(profile, UsageOf.Turn(finished.Reply));
            }

            await SaveSessionAsync(run, finished, transcriptLength);
        }
    }

    // Nobody waits for this: it is what a later process, perhaps on another host, begins with.
    private async Task SaveSessionAsync(TurnRun run, FinishedTurn finished, long transcriptLength)
    {
        try
        {
            await _claim.UpdateAsync(
                run.Request.Epoch,
                record =>
                {
                    var folders = _process.FoldersOf(record);
                    var transcript = folders.Transcript(record.ClaudeSessionId);
                    return record with
                    {
                        HasTranscript = transcript.Exists,
                        TranscriptPath = folders.RelativeTranscriptPath(record.ClaudeSessionId),

                        // A turn that failed may be tried again, and what it did is then looked for from here.
                        TranscriptOffset = finished.Reply is null ? record.TranscriptOffset : transcriptLength,
                        LastTurnId = run.TurnId,
                        LastUsedAt = finished.FinishedAt,
                        ExpiresAt = finished.FinishedAt + (record.Ttl ?? _services.SessionTtl),
                        Totals = record.Totals.Plus(UsageOf.Turn(finished.Reply)),
                    };
                },
                _services.Aborting);
        }
        catch (Exception exception)
        {
            // The next turn's write carries the same figures.
            LogSaveFailed(_services.Logger, exception, _session);
        }
    }
}
