using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>The body of <c>POST /api/inject</c>: submit one prompt and wait for its reply.</summary>
public sealed record InjectRequest
{
    [JsonPropertyName("session_id")]
    public string? SessionId { get; init; }

    [JsonPropertyName("prompt")]
    public string? Prompt { get; init; }
}
