using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Adds a turn to a session's sums.</summary>
internal static class SessionTotalsOf
{
    public static SessionTotals Plus(SessionTotals totals, Reply? reply) =>
        reply is null
            ? totals
            : totals with
            {
                Turns = totals.Turns + 1,
                InputTokens = totals.InputTokens + reply.Usage.InputTokens,
                OutputTokens = totals.OutputTokens + reply.Usage.OutputTokens,
                CostUsd = totals.CostUsd + reply.CostUsd,
            };
}
