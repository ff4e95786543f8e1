using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>What a turn brought.</summary>
/// <param name="CostUsd">Of this turn as the CLI reckons it.</param>
/// <param name="ModelMs">What the CLI waited for the model; null where the CLI's running total had no known beginning.</param>
public sealed record ClaudeAnswer(string Text, TokenUsage Usage, decimal CostUsd, long? ModelMs);
