using System.Text.Json.Serialization;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;

namespace FunctionsBroker.Local.Durable;

/// <summary>How the hub writes its own records. What applications pass through it is already text.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, MaxDepth = 1024)]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(LogEntry[]))]
[JsonSerializable(typeof(InstanceDocument))]
internal sealed partial class HubJson : JsonSerializerContext;
