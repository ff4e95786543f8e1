using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Text;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>What each reason for which the CLI takes nothing from a channel means for a turn.</summary>
internal static class ChannelProblems
{
    private const int MaxDetailLength = 300;

    public static Problem Of(ChannelAvailability.Unavailable refused)
    {
        var said = refused.Text.Truncate(MaxDetailLength);
        return refused.Reason switch
        {
            ChannelRefusal.FlagRefused or ChannelRefusal.NotDeclared => ProblemCatalogue.ChannelsRefused(said),
            ChannelRefusal.OrganisationPolicy => ProblemCatalogue.ChannelsPolicy(said),
            ChannelRefusal.Provider => ProblemCatalogue.ChannelsProvider(said),
            ChannelRefusal.ProtocolEra => ProblemCatalogue.ChannelsProtocol(said),
            _ => ProblemCatalogue.ChannelsUnavailable(said),
        };
    }
}
