namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Who is at the other end of a channel, as it introduced itself.</summary>
/// <param name="ProtocolVersion">The revision of the protocol that was agreed on.</param>
internal sealed record ChannelClient(string Name, string Version, string ProtocolVersion);
