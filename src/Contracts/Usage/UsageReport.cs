using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Usage;

/// <summary>The answer of <c>GET /api/usage</c>.</summary>
public sealed record UsageReport
{
    /// <summary>The first day (UTC) that <see cref="Total"/> and <see cref="Profiles"/> count.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last one.</summary>
    public required DateOnly To { get; init; }

    public required UsageTotals Total { get; init; }

    /// <summary>By name: those that were used, and those that have a budget.</summary>
    public required IReadOnlyList<ProfileUsage> Profiles { get; init; }

    /// <summary>The sessions that are there, a page at a time, each since its beginning.</summary>
    public required IReadOnlyList<SessionUsage> Sessions { get; init; }

    /// <summary>The <c>after</c> of the next page of sessions; null when this is the last one.</summary>
    public string? Next { get; init; }
}

/// <summary>What the turns under one profile have used.</summary>
public sealed record ProfileUsage
{
    public required string Profile { get; init; }

    public required UsageTotals Usage { get; init; }

    /// <summary>Null where the profile has none.</summary>
    public ProfileBudget? Budget { get; init; }
}

/// <summary>A profile's budget and how much of it is gone.</summary>
public sealed record ProfileBudget
{
    public required BudgetPeriod Period { get; init; }

    public required decimal LimitUsd { get; init; }

    /// <summary>In the period that runs.</summary>
    public required decimal SpentUsd { get; init; }

    /// <summary>When the next period begins.</summary>
    public required DateTimeOffset ResetsAt { get; init; }
}

/// <summary>How often a profile's budget begins anew, in UTC.</summary>
public enum BudgetPeriod
{
    [JsonStringEnumMemberName("month")]
    Month,

    [JsonStringEnumMemberName("day")]
    Day,
}

/// <summary>What the turns of one session have used since it began.</summary>
public sealed record SessionUsage
{
    public required string SessionId { get; init; }

    public required string Profile { get; init; }

    public required UsageTotals Usage { get; init; }

    /// <summary>What its turns may cost in all; null where it has no budget of its own.</summary>
    public decimal? BudgetUsd { get; init; }
}

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

/// <summary>Writes an amount of US dollars with at most ten decimals and no trailing zeros.</summary>
/// <remarks>The CLI computes costs in binary fractions: what should be 0.00014 comes as 0.00014000000000000001.</remarks>
public sealed class DollarsJsonConverter : JsonConverter<decimal>
{
    private const int Decimals = 10;

    // A division by it leaves the value and takes the trailing zeros away.
    private const decimal One = 1.0000000000000000000000000000m;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);

        writer.WriteNumberValue(decimal.Round(value, Decimals) / One);
    }
}
