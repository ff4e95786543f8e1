using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Local.Functions.Http;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(HostSecrets))]
[JsonSerializable(typeof(FunctionSecrets))]
internal sealed partial class SecretsJsonContext : JsonSerializerContext;
