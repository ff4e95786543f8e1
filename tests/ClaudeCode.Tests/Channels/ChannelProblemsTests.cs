using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

public sealed class ChannelProblemsTests
{
    [Fact]
    public void Of_Refusal_HasItsOwnCodeAndText()
    {
        Assert.Equal(ProblemCodes.ChannelsUnavailable, Of(ChannelRefusal.FeatureOff).Code);
        Assert.Equal(ProblemCodes.ChannelsUnavailable, Of(ChannelRefusal.Other).Code);
        Assert.Equal(ProblemCodes.ChannelsRefused, Of(ChannelRefusal.FlagRefused).Code);
        Assert.Equal(ProblemCodes.ChannelsRefused, Of(ChannelRefusal.NotDeclared).Code);
        Assert.Equal(ProblemCodes.ChannelsPolicy, Of(ChannelRefusal.OrganisationPolicy).Code);
        Assert.Equal(ProblemCodes.ChannelsProvider, Of(ChannelRefusal.Provider).Code);
        Assert.Equal(ProblemCodes.ChannelsProtocol, Of(ChannelRefusal.ProtocolEra).Code);
        Assert.Equal(5, Enum.GetValues<ChannelRefusal>().Select(reason => Of(reason).Title).Distinct().Count());
        Assert.All(Enum.GetValues<ChannelRefusal>(), reason => Assert.EndsWith("as the CLI says it", Of(reason).Detail, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<ChannelRefusal>(), reason => Assert.False(Of(reason).Retryable));
    }

    private static Problem Of(ChannelRefusal reason) => ChannelProblems.Of(new ChannelAvailability.Unavailable(reason, "as the CLI says it"));
}
