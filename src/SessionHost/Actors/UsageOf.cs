using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>What a turn adds to the sums.</summary>
internal static class UsageOf
{
    public static UsageTotals Turn(Reply? reply) =>
        reply is null
            ? UsageTotals.None
            : new UsageTotals
            {
                Turns = 1,
                InputTokens = reply.Usage.InputTokens,
                OutputTokens = reply.Usage.OutputTokens,
                CacheReadTokens = reply.Usage.CacheReadTokens,
                CacheWriteTokens = reply.Usage.CacheWriteTokens,
                CostUsd = reply.CostUsd,
            };
}
