using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>The JSON of the OpenAI-compatible calls: snake case, and null where a member has no value.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatCompletionRequest))]
[JsonSerializable(typeof(IReadOnlyList<ContentPart?>))]
[JsonSerializable(typeof(IReadOnlyList<string?>))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class OpenAiJsonContext : JsonSerializerContext;
