using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A file of a message.</summary>
internal sealed record FileData
{
    public string? Filename { get; init; }

    /// <summary>A <c>data:</c> URL.</summary>
    [JsonPropertyName("file_data")]
    public string? Data { get; init; }
}
