using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Cli.Data;

namespace FunctionsBroker.Cli.Serialization;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(PortPlan))]
[JsonSerializable(typeof(InternalKeys))]
[JsonSerializable(typeof(FunctionKeysFile))]
[JsonSerializable(typeof(IReadOnlyList<ProcessRecord>))]
internal sealed partial class CliJsonContext : JsonSerializerContext;
