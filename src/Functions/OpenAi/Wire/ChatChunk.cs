using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A piece of a streamed answer.</summary>
internal sealed record ChatChunk
{
    public required string Id { get; init; }

    public string Object { get; } = "chat.completion.chunk";

    /// <summary>Seconds since 1970; the same in every piece.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    /// <summary>One; none in the piece that has the usage.</summary>
    public IReadOnlyList<ChunkChoice> Choices { get; init; } = [];

    public ChatUsage? Usage { get; init; }

    /// <summary>In the piece that ends the answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BrokerPart? Broker { get; init; }
}
