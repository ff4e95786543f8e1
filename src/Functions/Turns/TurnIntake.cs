using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Takes a turn in: durably in the Turns table first, then into the session's mailbox.</summary>
internal sealed partial class TurnIntake(
    ITurnStore turns,
    HostDirectory hosts,
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
        if (await FindProfileProblemAsync(submission.Profile, cancellationToken) is { } problem)
        {
            return new IntakeResult.Refused(problem);
        }

        var record = ToRecord(submission);
        var existing = await turns.AddAsync(record, submission.Prompt, cancellationToken);
        var turn = existing?.Value ?? record;
        if (turn.RequestHash != record.RequestHash)
        {
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

    private async Task<Problem?> FindProfileProblemAsync(string? profile, CancellationToken cancellationToken)
    {
        if (profile is null)
        {
            return null;
        }

        var known = await hosts.ListProfilesAsync(cancellationToken);

        // With no host up nobody can tell; the turn is kept and a host will say.
        return known.Count == 0 || known.Contains(profile) ? null : ProblemCatalogue.UnknownProfile(profile, known.Order());
    }

    private TurnRecord ToRecord(TurnSubmission submission) => new()
    {
        SessionId = submission.SessionId,
        TurnId = submission.TurnId,
        Status = TurnStatus.Queued,
        RequestHash = RequestHash.Of(submission),
        Profile = submission.Profile,
        ReplyTo = submission.ReplyTo,
        Metadata = submission.Metadata,
        Timings = new TurnTimings { CreatedAt = time.GetUtcNow() },
    };

    [LoggerMessage(EventIds.TurnAccepted, LogLevel.Information, "Accepted turn {TurnId} of session {SessionId}")]
    private partial void LogAccepted(string sessionId, string turnId);
}
