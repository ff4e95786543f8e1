using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

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
