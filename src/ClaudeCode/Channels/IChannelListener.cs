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
