using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Attachments;

/// <summary>Keeps what users send along with their turns, and fetches it when a turn goes to a host.</summary>
internal sealed class AttachmentKeeper(ITurnStore turns, IAttachmentStore store)
{
    /// <summary>Why a turn fails whose attachments are gone.</summary>
    public static Problem Lost { get; } =
        ProblemCatalogue.AttachmentRejected("(all)", "They are no longer kept whole; send the turn again under a new id.");

    /// <summary>Keeps what comes along with a turn that is to be added after this.</summary>
    public async Task KeepAsync(TurnSubmission submission, CancellationToken cancellationToken)
    {
        // A turn that is there has what belongs to it; a repeated request need not write it all again.
        if (submission.Attachments is { } set
            && await turns.FindAsync(submission.SessionId, submission.TurnId, cancellationToken) is null)
        {
            await store.SaveAsync(submission.SessionId, submission.TurnId, set, cancellationToken);
        }
    }

    /// <summary>Removes what came along with a request that became no turn.</summary>
    /// <param name="keptSetId">What belongs to the turn that has the request's id; null when there is none.</param>
    public async Task ReleaseAsync(TurnSubmission refused, string? keptSetId, CancellationToken cancellationToken)
    {
        if (refused.Attachments is { } set && set.Id != keptSetId)
        {
            await store.DeleteAsync(refused.SessionId, refused.TurnId, set.Id, cancellationToken);
        }
    }

    /// <returns>What came along with a turn; null when it is no longer whole, which only a damaged storage can bring about.</returns>
    public async Task<IReadOnlyList<Attachment>?> ReadAsync(TurnRecord turn, CancellationToken cancellationToken) =>
        turn.AttachmentSetId is { } setId
            ? (await store.ReadAsync(turn.SessionId, turn.TurnId, setId, cancellationToken))?.Attachments
            : [];
}
