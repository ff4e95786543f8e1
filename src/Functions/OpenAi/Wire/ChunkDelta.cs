using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>What a piece adds.</summary>
internal sealed record ChunkDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}
