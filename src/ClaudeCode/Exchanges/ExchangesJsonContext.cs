using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.ClaudeCode.Exchanges;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Exchange))]
[JsonSerializable(typeof(SaidBefore))]
internal sealed partial class ExchangesJsonContext : JsonSerializerContext;
