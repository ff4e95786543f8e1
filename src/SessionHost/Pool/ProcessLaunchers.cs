using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Chooses the kind of process that is brought up before there is a turn for it: the one that the profile's turns take first.</summary>
internal sealed class ProcessLaunchers(ClaudeLauncher streamJson, ChannelLauncher channel)
{
    public IProcessLauncher For(ClaudeProfile profile) =>
        profile.Transports.FirstOrDefault(name => name is ClaudeTransports.StreamJson or ClaudeTransports.Channel) == ClaudeTransports.Channel && channel.WhyUnusable(profile) is null
            ? channel
            : streamJson;
}
