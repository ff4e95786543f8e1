namespace FunctionsBroker.ClaudeCode.Channels;

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
