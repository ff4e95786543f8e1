using System.Text.Json.Serialization;

namespace FunctionsBroker.ClaudeCode.Channels;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class PreviewJsonContext : JsonSerializerContext;
