using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Whether a prompt that was given to the CLI once, and has no answer, may be given to it again.</summary>
public static class ReplayDecision
{
    /// <param name="toolsUsed">Whether a tool was called for it, so that it may have had an effect.</param>
    /// <param name="why">What ended the try before, as a sentence.</param>
    /// <returns>Null when it may.</returns>
    public static Problem? Refuse(ReplayRule rule, bool toolsUsed, string why) =>
        rule switch
        {
            ReplayRule.Never => ProblemCatalogue.TurnNotReplayed(why, "The profile does not let a turn run twice."),
            ReplayRule.WhenSafe when toolsUsed => ProblemCatalogue.TurnNotReplayed(why, "Tools had been called in it, which may have had an effect."),
            _ => null,
        };
}
