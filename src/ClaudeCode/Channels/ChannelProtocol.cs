namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>The names of the CLI's channel protocol, as its documentation of channels (a research preview) gives them.</summary>
internal static class ChannelProtocol
{
    /// <summary>The server's name in the CLI's MCP configuration, and the <c>source</c> of what is pushed.</summary>
    public const string ServerName = "broker";

    /// <summary>The newest revision on which the CLI takes channel notifications: later ones know no unsolicited notification, and it refuses channels there.</summary>
    public const string Revision = "2025-11-25";

    /// <summary>The capability, below <c>experimental</c>, of a server that pushes.</summary>
    public const string Capability = "claude/channel";

    /// <summary>The capability of a server that answers questions for permission.</summary>
    public const string PermissionCapability = "claude/channel/permission";

    public const string Push = "notifications/claude/channel";
    public const string PermissionRequest = "notifications/claude/channel/permission_request";
    public const string PermissionAnswer = "notifications/claude/channel/permission";

    /// <summary>The key of a push's meta that names its turn, and the reply tool's argument that names it again.</summary>
    public const string TurnId = "turn_id";

    /// <summary>The reply tool, as the model and the CLI's permission rules call it.</summary>
    public const string ReplyToolRule = $"mcp__{ServerName}__{ReplyTool.Name}";
}
