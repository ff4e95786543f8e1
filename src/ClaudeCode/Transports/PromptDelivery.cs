using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>What every transport to the CLI does around the asking itself: tells it what it does not know, and asks once whatever became of earlier tries.</summary>
/// <param name="turn">The turn, its prompt introduced by what the CLI is to be told.</param>
/// <param name="tellsUntold">Whether there is something to be told.</param>
internal sealed class PromptDelivery(TransportTurn turn, bool tellsUntold)
{
    /// <summary>Has the turn delivered, unless it has its answer already.</summary>
    public static async Task<TransportResult> RunAsync(TransportTurn turn, Func<PromptDelivery, Task<TransportResult>> deliver)
    {
        var untold = await turn.Untold.ReadAsync();
        return Recovery.Of(turn, untold)
            ?? await deliver(new PromptDelivery(turn with { Prompt = UntoldExchanges.Introduce(untold, turn.Prompt) }, untold.Count > 0));
    }

    /// <param name="ask">Gives the CLI the turn's prompt under an id.</param>
    /// <param name="mayBeKnown">Whether the CLI may have the prompt in its transcript already, from a process that is gone.</param>
    public async Task<TransportResult> AskAsync(Func<TransportTurn, Guid, Task<TransportResult>> ask, bool mayBeKnown)
    {
        TransportResult? last = null;
        var delivery = await turn.Deliver(turn.Prompt).RunAsync(
            async messageId =>
            {
                last = await ask(turn, messageId);
                return last.Outcome;
            },
            turn.FirstGeneration,
            mayBeKnown);
        var told = tellsUntold && delivery.Outcome is TurnOutcome.Completed;
        if (told)
        {
            turn.Untold.Clear();
        }

        return (last ?? new TransportResult(delivery.Outcome)) with
        {
            Outcome = delivery.Outcome,
            NextGeneration = delivery.NextGeneration,
            Notices = [.. new[] { delivery.Notice, told ? UntoldExchanges.ToldNotice : null }.OfType<string>(), .. last?.Notices ?? []],
        };
    }
}

/// <summary>Finds the answer that a host got without the CLI, and could not hand over before it was lost.</summary>
internal static class Recovery
{
    /// <returns>Null when the turn has no such answer.</returns>
    public static TransportResult? Of(TransportTurn turn, IReadOnlyList<Exchange> untold) =>
        untold.FirstOrDefault(exchange => exchange.TurnId == turn.Prompt.TurnId.Value) is { } exchange
            ? new TransportResult(new TurnOutcome.Completed(new ClaudeAnswer(exchange.Answer, new TokenUsage(), 0, null)))
            {
                Notices = [TurnDelivery.RecoveredNotice],
            }
            : null;
}
