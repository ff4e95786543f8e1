namespace FunctionsBroker.Functions.Usage;

/// <summary>What a session has spent of what it may, in US dollars.</summary>
/// <param name="Profile">What it runs under; null when there is no such session yet.</param>
/// <param name="LimitUsd">Null for no limit.</param>
internal sealed record SessionSpend(string? Profile, decimal SpentUsd, decimal? LimitUsd);
