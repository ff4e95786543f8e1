using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.SessionHost.Orphans;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LiveProcess))]
internal sealed partial class OrphansJsonContext : JsonSerializerContext;
