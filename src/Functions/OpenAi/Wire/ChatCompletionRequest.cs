using System.Text.Json;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>The body of <c>POST /v1/chat/completions</c>, as far as this program looks at it.</summary>
/// <remarks>
/// What is not here is ignored: how the model samples and how long it may answer is the profile's. What is here and not
/// done is refused, because a caller that asks for it reads the answer in another way.
/// </remarks>
internal sealed record ChatCompletionRequest
{
    /// <summary>The profile.</summary>
    public string? Model { get; init; }

    public IReadOnlyList<ChatMessage?>? Messages { get; init; }

    public bool? Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    /// <summary>The session, where the header does not name it.</summary>
    public string? User { get; init; }

    /// <summary>How many answers; there is one.</summary>
    public int? N { get; init; }

    /// <summary>Refused unless empty: the tools are the profile's, and run on the host.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Refused unless empty.</summary>
    public JsonElement? Functions { get; init; }

    /// <summary>Refused unless of type <c>text</c>.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>Refused unless <c>["text"]</c>.</summary>
    public IReadOnlyList<string?>? Modalities { get; init; }

    /// <summary>Refused when true.</summary>
    public bool? Logprobs { get; init; }
}
