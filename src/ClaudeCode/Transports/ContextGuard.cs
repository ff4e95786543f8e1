using System.Globalization;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>Makes a conversation shorter before it outgrows its model's context window.</summary>
internal static class ContextGuard
{
    /// <summary>Called between turns, when the next one is there: nobody waits for a summary that may never be used.</summary>
    /// <returns>What the reader of the next reply should know; null when nothing was done.</returns>
    public static async Task<string?> RelieveAsync(ClaudeProcess process, TransportTurn turn, TurnBounds bounds, CancellationToken stopping)
    {
        var profile = turn.Conversation.Profile;
        var share = process.ContextShare;
        if (profile.ContextGuard != ContextGuardMode.Compact || !process.IsContextOver(profile.ContextThreshold))
        {
            return null;
        }

        return await process.CompactAsync(turn.Prompt, bounds, stopping) is TurnOutcome.Completed
            ? string.Create(CultureInfo.InvariantCulture, $"The conversation took up {share:P0} of the model's context window and was summed up before this turn.")
            : null;
    }
}
