using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Takes a turn in: durably in the Turns table first, then into the session's mailbox.</summary>
internal sealed partial class TurnIntake(
    ITurnStore turns,
    IEnumerable<IIntakeCheck> checks,
    AttachmentKeeper attachments,
    TimeProvider time,
    ILogger<TurnIntake> logger)
{
    /// <remarks>
    /// A repetition signals the mailbox again, because the first try may have died between the two steps;
    /// the mailbox knows a turn that it has already.
    /// </remarks>
    public async Task<IntakeResult> SubmitAsync(
        TurnSubmission submission,
        DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (await FindProblemAsync(submission, cancellationToken) is { } problem
            && await turns.FindAsync(submission.SessionId, submission.TurnId, cancellationToken) is null)
        {
            return new IntakeResult.Refused(problem);
        }

        await attachments.KeepAsync(submission, cancellationToken);
        var record = ToRecord(submission);
        var existing = await turns.AddAsync(record, submission.Prompt, cancellationToken);
        var turn = existing?.Value ?? record;
        if (turn.RequestHash != record.RequestHash)
        {
            await attachments.ReleaseAsync(submission, turn, cancellationToken);
            return new IntakeResult.Refused(ProblemCatalogue.IdempotencyConflict());
        }

        if (!turn.Status.IsTerminal())
        {
            await SessionEntity.SubmitAsync(durable, turn, cancellationToken);
        }

        if (existing is null)
        {
            LogAccepted(turn.SessionId.Value, turn.TurnId.Value);
        }

        return new IntakeResult.Accepted(turn);
    }

    private async Task<Problem?> FindProblemAsync(TurnSubmission submission, CancellationToken cancellationToken)
    {
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
            RequestHash = RequestHash.Of(submission),
            Profile = submission.Profile,
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
}
