using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Reads a session's turns in the order of time.</summary>
internal sealed class TurnHistory(ITurnStore turns)
{
    private const int ReadsAtOnce = 16;

    /// <param name="before">The last turn of the page before; null begins at the newest.</param>
    /// <param name="withPrompts">Whether the prompts are shown too.</param>
    public async Task<TurnPage> ReadAsync(
        SessionId session,
        TurnListing? before,
        int limit,
        bool withPrompts,
        CancellationToken cancellationToken)
    {
        var listed = await turns.ListAsync(session, before, limit + 1, cancellationToken);
        List<TurnResource> page = [];
        foreach (var some in listed.Take(limit).Chunk(ReadsAtOnce))
        {
            var read = await Task.WhenAll(some.Select(listing => ReadAsync(session, listing.TurnId, withPrompts, cancellationToken)));

            // A turn that is listed and has no row is being removed.
            page.AddRange(read.OfType<TurnResource>());
        }

        return new TurnPage { Turns = page, Next = listed.Count > limit ? listed[limit - 1].ToString() : null };
    }

    private async Task<TurnResource?> ReadAsync(SessionId session, TurnId turn, bool withPrompt, CancellationToken cancellationToken)
    {
        if (!withPrompt)
        {
            return (await turns.FindAsync(session, turn, cancellationToken))?.Value.ToResource();
        }

        return await turns.FindWithPromptAsync(session, turn, cancellationToken) is { } found
            ? found.Turn.Value.ToResource() with { Prompt = found.Prompt }
            : null;
    }
}
