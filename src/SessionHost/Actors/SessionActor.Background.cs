using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Makes turns of those that the CLI has begun by itself: counted, kept, and with a reply to the queue of the turn that began the work.</summary>
internal sealed partial class SessionActor
{
    private static readonly RetryDelays s_keepDelays = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    private async Task KeepAsync(BackgroundTurn turn)
    {
        var id = TurnIdGeneration.NewTurnId(_services.Time);
        try
        {
            await s_keepDelays.TryAsync(
                () => KeepAsync(id, turn),
                (exception, delay) => LogBackgroundTurnNotKept(_services.Logger, exception, _session, id, delay),
                _services.Time,
                _services.Aborting);
        }
        catch (OperationCanceledException) when (_services.Aborting.IsCancellationRequested)
        {
            // The host ends, and could not write it down before.
        }
    }

    private async Task KeepAsync(TurnId id, BackgroundTurn turn)
    {
        if (_claim.Record is not { Epoch: var epoch, Profile: var profile } || await _claim.CheckAsync(epoch, _services.Aborting) is not Ownership.Held)
        {
            // Whoever has the session now has its conversation without this.
            LogBackgroundTurnDropped(_services.Logger, _session);
            return;
        }

        var begunBy = turn.BegunBy is { } beginner ? (await _services.Turns.FindAsync(_session, beginner, _services.Aborting))?.Value : null;
        var request = new HostTurnRequest { TurnId = id.Value, Epoch = epoch, Attempt = 1, Prompt = turn.Prompt, CallbackUrl = _callbackUrl! };
        var finished = FinishedOf(turn);
        var row = TurnCompletion.Apply(RowOf(id, turn, begunBy, epoch), request, _services.HostId, finished);
        row = finished.Problem is { } problem ? TurnAttempts.End(row, problem, finished.FinishedAt) : row;
        var keeping = _process.KeepAsync(answered: finished.Reply is { Text.Length: > 0, Usage.OutputTokens: > 0 }, _services.Aborting);
        await _services.Turns.AddEndedAsync(row, turn.Prompt, _services.Aborting);

        LogBackgroundTurnKept(_services.Logger, _session, id, turn.BegunBy);
        _services.Metrics.TurnEnded(finished);
        _services.Usage.Add(profile, UsageOf.Turn(finished.Reply));
        Volatile.Write(ref _idleSince, _services.Time.GetTimestamp());
        await SaveSessionAsync(id, request, finished, keeping);
        if (row.ReplyTo is not null)
        {
            _services.Callbacks.Send(request.CallbackUrl, finished.ToMessage(_session.Value, request));
        }

        if (_claim.Record is { BudgetUsd: { } budget, Totals.CostUsd: var spent } && spent >= budget)
        {
            // Its next turn is refused; nobody refuses what it begins by itself.
            TryPost(new SessionCommand.CloseIdle());
        }
    }

    private TurnRecord RowOf(TurnId id, BackgroundTurn turn, TurnRecord? begunBy, long epoch) => new()
    {
        SessionId = _session,
        TurnId = id,
        Status = TurnStatus.Running,
        Origin = TurnOrigin.Background,
        BegunBy = turn.BegunBy,
        After = turn.After,
        RequestHash = string.Empty,
        ReplyTo = begunBy?.ReplyTo,
        Metadata = begunBy?.Metadata,
        TraceParent = begunBy?.TraceParent,
        Epoch = epoch,
        ToolsUsed = turn.ToolsUsed,
        Timings = new TurnTimings { CreatedAt = turn.StartedAt, StartedAt = turn.StartedAt },
    };

    private static FinishedTurn FinishedOf(BackgroundTurn turn)
    {
        var answer = (turn.Outcome as TurnOutcome.Completed)?.Answer;
        var problem = (turn.Outcome as TurnOutcome.Failed)?.Problem;
        return new FinishedTurn
        {
            StartedAt = turn.StartedAt,
            FinishedAt = turn.FinishedAt,
            ModelMs = answer?.ModelMs,
            ProcessMs = (turn.FinishedAt - turn.StartedAt).TotalMilliseconds,
            Problem = problem,
            Tries =
            [
                new TurnTry
                {
                    Transport = ClaudeTransports.StreamJson,
                    StartedAt = turn.StartedAt,
                    FinishedAt = turn.FinishedAt,
                    Outcome = problem is null ? AttemptOutcome.Completed : AttemptOutcome.Failed,
                    Problem = problem,
                },
            ],
            Reply = answer is null ? null : new Reply { Text = answer.Text, Usage = answer.Usage, CostUsd = answer.CostUsd, Transport = ClaudeTransports.StreamJson },
        };
    }

    [LoggerMessage(EventIds.BackgroundTurnKept, LogLevel.Information, "Session {SessionId}: the CLI went on by itself: turn {TurnId}, begun by turn {BegunBy}")]
    private static partial void LogBackgroundTurnKept(ILogger logger, SessionId sessionId, TurnId turnId, TurnId? begunBy);

    [LoggerMessage(EventIds.BackgroundTurnNotKept, LogLevel.Warning, "Session {SessionId}: background turn {TurnId} could not be written down; trying again in {Delay}")]
    private static partial void LogBackgroundTurnNotKept(ILogger logger, Exception exception, SessionId sessionId, TurnId turnId, TimeSpan delay);

    [LoggerMessage(EventIds.BackgroundTurnDropped, LogLevel.Warning, "Session {SessionId}: what the CLI did by itself is dropped: another host has the session, or it was deleted")]
    private static partial void LogBackgroundTurnDropped(ILogger logger, SessionId sessionId);
}
