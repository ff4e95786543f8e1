using System.Diagnostics;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Outcomes;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    /// <summary>How often a turn is begun here: once, and once more when its process ended in the middle of it.</summary>
    private const int MaxTries = 2;

    private async Task RunAsync(TurnRun run)
    {
        FinishedTurn finished;
        try
        {
            finished = await ExecuteAsync(run);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            finished = Failed(run, ProblemCatalogue.Interrupted());
        }
        catch (Exception exception)
        {
            var traceId = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N");
            LogTurnBroke(_services.Logger, exception, _session, run.TurnId, traceId);
            finished = Failed(run, ProblemCatalogue.InternalError(traceId));
        }

        await FinishAsync(run, finished);
    }

    private async Task<FinishedTurn> ExecuteAsync(TurnRun run)
    {
        var prompt = new TurnPrompt(_session, run.TurnId, run.Request.Prompt);
        for (var tries = 1; ; tries++)
        {
            var (lease, problem) = await EnsureProcessAsync(run, check: tries > 1);
            if (lease is null)
            {
                return Failed(run, problem);
            }

            var claudeSessionId = _claim.Record?.ClaudeSessionId ?? Guid.Empty;
            var started = _services.Time.GetTimestamp();
            var delivery = TurnDelivery.RunAsync(lease.Process, lease.Folders.Transcript(claudeSessionId), prompt, _services.Bounds, SilentObserver.Instance, run.Stopping);
            run.Row ??= _services.Recorder.PrefetchAsync(_session, run.TurnId, CancellationToken.None);
            var (outcome, notice) = await delivery;
            if (outcome is TurnOutcome.ProcessEnded(var exit) && tries < MaxTries && run.StopReason is null)
            {
                LogProcessCrashed(_services.Logger, _session, run.TurnId, exit.Describe());
                continue;
            }

            if (notice is not null)
            {
                run.Notices.Add(notice);
            }

            return Finished(run, lease, outcome, _services.Time.GetElapsedTime(started));
        }
    }

    /// <summary>Makes an outcome safe, frees the session for its next turn, and then tells the front, in this order.</summary>
    private async Task FinishAsync(TurnRun run, FinishedTurn finished)
    {
        var request = run.Request;
        var row = run.Row is null ? null : await run.Row;
        var result = await _services.Recorder.RecordAsync(_session, request, finished, row, _services.Aborting);
        TryPost(new SessionCommand.TurnEnded(request, finished, result));
        if (result == RecordResult.Recorded)
        {
            _services.Callbacks.Send(request.CallbackUrl, finished.ToMessage(_session.Value, request));
            await SaveSessionAsync(run, finished);
        }
    }

    // Nobody waits for this: it is what a later process, perhaps on another host, begins with.
    private async Task SaveSessionAsync(TurnRun run, FinishedTurn finished)
    {
        try
        {
            await _claim.UpdateAsync(
                run.Request.Epoch,
                record =>
                {
                    var folders = FoldersOf(record);
                    var transcript = folders.Transcript(record.ClaudeSessionId);
                    return record with
                    {
                        HasTranscript = transcript.Exists,
                        TranscriptPath = folders.RelativeTranscriptPath(record.ClaudeSessionId),
                        TranscriptOffset = transcript.Length,
                        LastTurnId = run.TurnId,
                        LastUsedAt = finished.FinishedAt,
                        ExpiresAt = finished.FinishedAt + _services.SessionTtl,
                        Totals = SessionTotalsOf.Plus(record.Totals, finished.Reply),
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

    private FinishedTurn Finished(TurnRun run, ProcessLease lease, TurnOutcome outcome, TimeSpan elapsed)
    {
        var process = new TurnProcess
        {
            Pid = lease.Process.Identity.Pid,
            StartedAt = lease.Process.StartedAt,
            Turn = lease.Process.Turns,
            Resumed = lease.Process.Resumed,
        };
        return outcome switch
        {
            TurnOutcome.Completed(var answer) => new FinishedTurn
            {
                StartedAt = run.StartedAt,
                FinishedAt = _services.Time.GetUtcNow(),
                Process = process,
                ModelMs = answer.ModelMs,
                ProcessMs = elapsed.TotalMilliseconds,
                Reply = new Reply
                {
                    Text = answer.Text,
                    Usage = answer.Usage,
                    CostUsd = answer.CostUsd,
                    Transport = Transports.StreamJson,
                    Notices = [.. run.Notices],
                },
            },
            TurnOutcome.Failed(var problem) => Failed(run, problem) with { Process = process },
            TurnOutcome.ProcessEnded(var exit) => Failed(run, ProblemCatalogue.ProcessCrashed($"It ended with {exit.Describe()}")) with { Process = process },
            _ => throw new UnreachableException(),
        };
    }

    private FinishedTurn Failed(TurnRun run, Problem? problem) => new()
    {
        StartedAt = run.StartedAt,
        FinishedAt = _services.Time.GetUtcNow(),
        Problem = run.StopReason ?? problem,
    };
}
