using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Usage;

/// <summary>Sums over completed turns: tokens as the model counted them, cost in US dollars as the CLI reckons it.</summary>
public sealed record UsageTotals
{
    public static UsageTotals None { get; } = new();

    public long Turns { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long CacheReadTokens { get; init; }

    public long CacheWriteTokens { get; init; }

    [JsonConverter(typeof(DollarsJsonConverter))]
    public decimal CostUsd { get; init; }

    public UsageTotals Plus(UsageTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);

        return new()
        {
            Turns = Turns + other.Turns,
            InputTokens = InputTokens + other.InputTokens,
            OutputTokens = OutputTokens + other.OutputTokens,
            CacheReadTokens = CacheReadTokens + other.CacheReadTokens,
            CacheWriteTokens = CacheWriteTokens + other.CacheWriteTokens,
            CostUsd = CostUsd + other.CostUsd,
        };
    }
}
