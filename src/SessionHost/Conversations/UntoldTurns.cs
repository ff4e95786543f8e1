using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Conversations;

/// <summary>Finds the answered turns of a session that its transcript does not have.</summary>
internal static class UntoldTurns
{
    /// <summary>What is told of them at most, in characters: about a quarter of a context window.</summary>
    public const int MaxCharacters = 256 * 1024;

    private const int PageSize = 100;

    /// <param name="known">The last turn that the transcript has; null when it has none.</param>
    /// <returns>The newest of them, oldest first, and how many more there are.</returns>
    public static async Task<(IReadOnlyList<Exchange> Exchanges, int Left)> ReadAsync(
        ITurnStore turns,
        SessionId session,
        TurnId? known,
        CancellationToken cancellationToken)
    {
        // A background turn stands in the transcript behind the turn that it follows, whatever was submitted meanwhile.
        var last = known is { } id ? (await turns.FindAsync(session, id, cancellationToken))?.Value : null;
        var submitted = last?.After ?? known;
        HashSet<TurnId?> untold = last is { Origin: not null } ? [] : [submitted];
        List<(TurnRecord Turn, Exchange Said)> exchanges = [];
        var room = MaxCharacters;
        var left = 0;
        await foreach (var turn in ListAfterAsync(turns, session, submitted, cancellationToken))
        {
            if (await turns.FindWithPromptAsync(session, turn, cancellationToken) is not { Turn.Value: var record, Prompt: var prompt })
            {
                continue;
            }

            if (record.Origin is null)
            {
                untold.Add(turn);
            }

            if (record.Reply is { } reply && prompt.Length > 0)
            {
                room -= prompt.Length + reply.Text.Length;
                if (room < 0)
                {
                    left++;
                }
                else
                {
                    exchanges.Add((record with { Reply = null }, new Exchange { TurnId = turn.Value, Prompt = prompt, Answer = reply.Text }));
                }
            }

            if (record is { Command: ConversationCommand.Clear, Attempts.Count: > 0 })
            {
                // The conversation began there.
                break;
            }
        }

        exchanges.Reverse();
        return ([.. exchanges.Where(exchange => exchange.Turn.Origin is null || IsUntold(exchange.Turn, untold, last)).Select(exchange => exchange.Said)], left);
    }

    private static bool IsUntold(TurnRecord background, HashSet<TurnId?> untold, TurnRecord? last) =>
        untold.Contains(background.After)
        || (last is { Origin: not null } && background.After == last.After && background.Timings.FinishedAt > last.Timings.FinishedAt);

    private static async IAsyncEnumerable<TurnId> ListAfterAsync(
        ITurnStore turns,
        SessionId session,
        TurnId? known,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TurnListing? last = null;
        while (true)
        {
            var page = await turns.ListAsync(session, last, PageSize, cancellationToken);
            foreach (var listed in page)
            {
                if (listed.TurnId == known)
                {
                    yield break;
                }

                yield return listed.TurnId;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            last = page[^1];
        }
    }
}
