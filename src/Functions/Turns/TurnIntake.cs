using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Takes a turn in: durably in the Turns table first, then into the session's mailbox.</summary>
internal sealed partial class TurnIntake(
    ITurnStore turns,
    IEnumerable<IIntakeCheck> checks,
    OpenTurns open,
    MailboxRoom room,
    AttachmentKeeper attachments,
    SessionHeads heads,
    HostDirectory hosts,
    FastDispatch fast,
    TimeProvider time,
    ILogger<TurnIntake> logger)
{
    private readonly SessionLines _lines = new();

    /// <remarks>
    /// Where the session is found idle the turn goes to its host at once, see <see cref="FastDispatch"/>. A repetition
    /// signals the mailbox again, because the first try may have died between the steps; the mailbox knows a turn that it
    /// has already.
    /// </remarks>
    /// <param name="patience">What waits for a storage that is away; the session's later turns of this instance wait with it. Null lets a failure out.</param>
    public async Task<IntakeResult> SubmitAsync(
        TurnSubmission submission,
        DurableTaskClient durable,
        CancellationToken cancellationToken,
        StoragePatience? patience = null) =>
        await (patience is null ? KeepAsync(submission, durable, cancellationToken) : KeepAsync(submission, patience, durable, cancellationToken)) switch
        {
            Kept.Refused(var problem) => new IntakeResult.Refused(problem),
            Kept.Overtaken => new IntakeResult.Overtaken(),
            Kept.Added(var turn, var route) => await BeginAsync(turn, route, submission.Prompt, durable),
            Kept.Existed(var turn) => await RepeatAsync(turn, durable, cancellationToken),
            _ => throw new UnreachableException(),
        };

    /// <remarks>Whether there is a place is found out first: what stands in line may wait long for one.</remarks>
    private async Task<Kept> KeepAsync(TurnSubmission submission, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var (place, full) = await open.EnterAsync(submission, cancellationToken);
        using var held = place;
        return full is not null && !await IsKeptAsync(submission, cancellationToken)
            ? new Kept.Refused(full)
            : await _lines.RunAsync(submission.SessionId, () => KeepAsync(submission, place, durable, cancellationToken));
    }

    private Task<Kept> KeepAsync(TurnSubmission submission, StoragePatience patience, DurableTaskClient durable, CancellationToken cancellationToken) =>
        _lines.RunAsync(submission.SessionId, () => patience.RunAsync(
            async () =>
            {
                using var place = await open.WaitAsync(submission, cancellationToken);
                return await KeepAsync(submission, place, durable, cancellationToken);
            },
            cancellationToken));

    private async Task<Kept> KeepAsync(TurnSubmission submission, OpenTurns.Place? place, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var newest = await heads.FindAsync(submission.SessionId, cancellationToken);
        if (await FindProblemAsync(submission, newest, durable, cancellationToken) is { } problem && !await IsKeptAsync(submission, cancellationToken))
        {
            return new Kept.Refused(problem);
        }

        await attachments.KeepAsync(submission, cancellationToken);
        var record = ToRecord(submission);
        var kept = await AddAsync(record, submission.Prompt, submission.Place, newest, cancellationToken);
        switch (kept)
        {
            case Kept.Existed(var existing) when existing.RequestHash != record.RequestHash:
                await attachments.ReleaseAsync(submission, existing.AttachmentSetId, cancellationToken);
                return new Kept.Refused(ProblemCatalogue.IdempotencyConflict());
            case Kept.Overtaken:
                await attachments.ReleaseAsync(submission, null, cancellationToken);
                return kept;
            case Kept.Added when place is not null:
                place.IsKept = true;
                return kept;
            default:
                return kept;
        }
    }

    private async Task<Kept> AddAsync(TurnRecord record, string prompt, TurnPlace? place, NewestTurn newest, CancellationToken cancellationToken)
    {
        // Again as long as others add turns to the session: each follows one that it knows, so that none can overtake another.
        for (; ; newest = await heads.FindAsync(record.SessionId, cancellationToken))
        {
            if (place is not null && place.After != newest.Head?.TurnId)
            {
                return await turns.FindAsync(record.SessionId, record.TurnId, cancellationToken) is { Value: var known } ? new Kept.Existed(known) : new Kept.Overtaken();
            }

            var route = newest.Answered is { } answered && record.AttachmentSetId is null
                ? FastRoute.Find(await hosts.GuessAsync(cancellationToken), answered, record.Profile)
                : null;
            var turn = route is null
                ? record with { OpenBefore = newest.Open }
                : TurnAttempts.Begin(record, route.Host.HostId, route.Epoch, null, record.Timings.CreatedAt);
            switch (await turns.AddAsync(turn, prompt, newest.Head, cancellationToken))
            {
                case TurnAddition.Added(var head):
                    heads.NoteAdded(turn.SessionId, head);
                    return new Kept.Added(turn, route);
                case TurnAddition.Existed(var existing):
                    return new Kept.Existed(existing.Value);
                default:
                    heads.Forget(record.SessionId, newest.Head);
                    break;
            }
        }
    }

    /// <remarks>The turn is kept: its caller may go now, and the rest is done all the same.</remarks>
    private async Task<IntakeResult> BeginAsync(
        TurnRecord turn,
        FastRoute? route,
        string prompt,
        DurableTaskClient durable)
    {
        var sent = route is null ? null : await fast.SendAsync(route, turn, prompt, durable);
        var dispatched = sent is { Answer: FastAnswer.Accepted } ? route?.Dispatch : null;
        var kept = sent is { Answer: FastAnswer.Refused } ? await WithdrawAsync(turn) : turn;
        if (sent is not { IsAhead: true })
        {
            await SessionEntity.SubmitAsync(durable, kept, dispatched, CancellationToken.None);
        }

        LogAccepted(turn.SessionId.Value, turn.TurnId.Value);
        return new IntakeResult.Accepted(kept, sent?.Ended);
    }

    // Nothing of it ran, so it was no attempt: left open it would be taken for one that was lost with its host.
    private async Task<TurnRecord> WithdrawAsync(TurnRecord turn)
    {
        if (await turns.FindAsync(turn.SessionId, turn.TurnId, CancellationToken.None) is not { Value.Status: TurnStatus.Running } found)
        {
            return turn;
        }

        try
        {
            var waiting = TurnAttempts.Withdraw(found.Value) with { Status = TurnStatus.Queued };
            return (await turns.UpdateAsync(found, waiting, CancellationToken.None)).Value;
        }
        catch (ConcurrencyConflictException)
        {
            // Somebody knows more of it.
            return turn;
        }
    }

    private static async Task<IntakeResult> RepeatAsync(TurnRecord turn, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        // A host may have ended a turn of which no mailbox knows yet, and whose reply message nobody has sent.
        if (!turn.IsSettled)
        {
            await SessionEntity.SubmitAsync(durable, turn, dispatched: null, cancellationToken);
        }

        return new IntakeResult.Accepted(turn);
    }

    private async Task<bool> IsKeptAsync(TurnSubmission submission, CancellationToken cancellationToken) =>
        await turns.FindAsync(submission.SessionId, submission.TurnId, cancellationToken) is not null;

    private async Task<Problem?> FindProblemAsync(TurnSubmission submission, NewestTurn newest, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (await room.FindProblemAsync(submission, newest, durable, cancellationToken) is { } noRoom)
        {
            return noRoom;
        }

        foreach (var check in checks)
        {
            if (await check.FindProblemAsync(submission, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private TurnRecord ToRecord(TurnSubmission submission)
    {
        var now = time.GetUtcNow();
        return new TurnRecord
        {
            SessionId = submission.SessionId,
            TurnId = submission.TurnId,
            Status = TurnStatus.Queued,
            RequestHash = submission.Fingerprint ?? RequestHash.Of(submission),
            Profile = submission.Profile,
            Command = submission.Command,
            OneOff = submission.OneOff,
            ReplyTo = submission.ReplyTo,
            Metadata = submission.Metadata,
            AttachmentSetId = submission.Attachments?.Id,
            OnBusy = submission.OnBusy,
            ExpiresAt = now + submission.Deadline,
            TraceParent = submission.TraceParent ?? Activity.Current?.Id,
            Timings = new TurnTimings { CreatedAt = now },
        };
    }

    [LoggerMessage(EventIds.TurnAccepted, LogLevel.Information, "Accepted turn {TurnId} of session {SessionId}")]
    private partial void LogAccepted(string sessionId, string turnId);

    /// <summary>What became of a submission in the Turns table.</summary>
    private abstract record Kept
    {
        /// <param name="Route">Where it may go at once.</param>
        public sealed record Added(TurnRecord Turn, FastRoute? Route) : Kept;

        public sealed record Existed(TurnRecord Turn) : Kept;

        public sealed record Refused(Problem Problem) : Kept;

        public sealed record Overtaken : Kept;
    }
}

/// <summary>What became of a submission.</summary>
internal abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>The turn is kept, or was there before under the same id and body.</summary>
    /// <param name="Ended">
    /// The turn once it has ended, where this front hears of that from the host itself; it gives null when it did not, and never fails.
    /// </param>
    public sealed record Accepted(TurnRecord Turn, Task<TurnRecord?>? Ended = null) : IntakeResult;

    public sealed record Refused(Problem Problem) : IntakeResult;

    /// <summary>The turn would not have had the place that it was to have; nothing of it is kept.</summary>
    public sealed record Overtaken : IntakeResult;
}
