namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Hears what comes through a <see cref="ChannelServer"/>.</summary>
/// <remarks>The calls of one server never overlap, and what came first is told first. They must not block: what comes next waits for them.</remarks>
internal interface IChannelListener
{
    /// <summary>A client is ready: it has ended its handshake, and is told of what is pushed from now on.</summary>
    void Connected(ChannelClient client);

    /// <summary>The client that was ready is gone, or another has taken its place.</summary>
    void Disconnected();

    /// <summary>The model called the reply tool.</summary>
    /// <param name="turnId">As the model names it; null when it named none.</param>
    /// <returns>What the model is told.</returns>
    string Replied(string? turnId, string text);

    /// <summary>A tool may run or not; <see cref="ChannelServer.DecideAsync"/> takes the answer.</summary>
    void PermissionAsked(ChannelPermission request);
}

/// <summary>Who is at the other end of a channel, as it introduced itself.</summary>
/// <param name="ProtocolVersion">The revision of the protocol that was agreed on.</param>
internal sealed record ChannelClient(string Name, string Version, string ProtocolVersion);

/// <summary>For a channel without turns.</summary>
internal sealed class SilentListener : IChannelListener
{
    public static SilentListener Instance { get; } = new();

    public void Connected(ChannelClient client)
    {
    }

    public void Disconnected()
    {
    }

    public string Replied(string? turnId, string text) => "Nobody has asked.";

    public void PermissionAsked(ChannelPermission request)
    {
    }
}
