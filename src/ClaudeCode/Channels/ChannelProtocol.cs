using System.Buffers;
using System.Text.Json.Serialization;

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

/// <summary>What is pushed into a conversation. The model sees <c>&lt;channel source="broker" key="value"&gt;content&lt;/channel&gt;</c>.</summary>
internal sealed record ChannelMessage
{
    private static readonly SearchValues<char> s_keyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <param name="meta">Keys of letters, digits and underscores: the CLI drops any other without a word.</param>
    /// <exception cref="ArgumentException">A key has other characters, or none.</exception>
    public ChannelMessage(string content, IReadOnlyDictionary<string, string> meta)
    {
        foreach (var key in meta.Keys)
        {
            if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(s_keyCharacters))
            {
                throw new ArgumentException($"'{key}' is not a key of letters, digits and underscores.", nameof(meta));
            }
        }

        Content = content;
        Meta = meta;
    }

    public string Content { get; }

    public IReadOnlyDictionary<string, string> Meta { get; }
}

/// <summary>The CLI shows a dialog that asks whether a tool may run, and asks here too. Whoever answers first decides.</summary>
/// <param name="RequestId">Five letters, made by the CLI.</param>
/// <param name="Description">For a person; the CLI's own words.</param>
/// <param name="InputPreview">The tool's arguments, possibly cut.</param>
internal sealed record ChannelPermission(string RequestId, string ToolName, string? Description, string? InputPreview);

/// <param name="Behavior"><c>allow</c> or <c>deny</c>.</param>
internal sealed record PermissionAnswer(string RequestId, string Behavior);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChannelMessage))]
[JsonSerializable(typeof(ChannelPermission))]
[JsonSerializable(typeof(PermissionAnswer))]
internal sealed partial class ChannelJsonContext : JsonSerializerContext;
