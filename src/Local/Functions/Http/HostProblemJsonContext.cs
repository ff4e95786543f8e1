using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Local.Functions.Http;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HostProblem))]
internal sealed partial class HostProblemJsonContext : JsonSerializerContext;
