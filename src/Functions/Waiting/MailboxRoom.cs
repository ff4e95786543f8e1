using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Tells a caller who does not wait for his turn's end that it would find the mailbox full.</summary>
/// <remarks>
/// The mailbox itself decides, and its refusal reaches those who wait, or look. Between this look and its decision others may
/// take the last place.
/// </remarks>
internal sealed class MailboxRoom(ITurnStore turns, SessionHeads heads, IOptions<BrokerOptions> options)
{
    /// <returns>Null when there is room, or when the turn was taken before.</returns>
    public async Task<Problem?> FindProblemAsync(TurnSubmission submission, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        // What is refused for being busy need not wait for room.
        if (submission.OnBusy == OnBusy.Reject || heads.IsKnownIdle(submission.SessionId))
        {
            return null;
        }

        var limit = options.Value.MaxWaitingTurns;
        var mailbox = await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(submission.SessionId), cancellationToken);
        return mailbox is { IncludesState: true, State: { Running: not null } state }
            && state.Waiting.Count >= limit
            && await turns.FindAsync(submission.SessionId, submission.TurnId, cancellationToken) is null
            ? ProblemCatalogue.SessionQueueFull(limit)
            : null;
    }
}
