namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>The answer to <c>POST /v1/chat/completions</c>.</summary>
internal sealed record ChatCompletion
{
    public const string Kind = "chat.completion";

    public required string Id { get; init; }

    public string Object { get; init; } = Kind;

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    /// <summary>Exactly one.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    public required ChatUsage Usage { get; init; }

    public required BrokerPart Broker { get; init; }
}
