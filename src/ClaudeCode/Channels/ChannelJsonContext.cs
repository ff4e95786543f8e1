using System.Text.Json.Serialization;

namespace FunctionsBroker.ClaudeCode.Channels;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChannelMessage))]
[JsonSerializable(typeof(ChannelPermission))]
[JsonSerializable(typeof(PermissionAnswer))]
internal sealed partial class ChannelJsonContext : JsonSerializerContext;
