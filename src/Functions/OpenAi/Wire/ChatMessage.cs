using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A message of the conversation.</summary>
internal sealed record ChatMessage
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c> or <c>assistant</c>.</summary>
    public string? Role { get; init; }

    [JsonConverter(typeof(ContentConverter))]
    public IReadOnlyList<ContentPart?>? Content { get; init; }
}
