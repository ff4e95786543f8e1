using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.ClaudeCode.Exchanges;

/// <summary>A prompt and its answer.</summary>
public sealed record Exchange
{
    public required string TurnId { get; init; }

    public required string Prompt { get; init; }

    public required string Answer { get; init; }
}

/// <summary>An exchange as the CLI is told of it.</summary>
internal sealed record SaidBefore(string User, string Assistant);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Exchange))]
[JsonSerializable(typeof(SaidBefore))]
internal sealed partial class ExchangesJsonContext : JsonSerializerContext;
