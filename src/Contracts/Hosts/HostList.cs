namespace FunctionsBroker.Contracts.Hosts;

/// <summary>The answer of <c>GET /api/hosts</c>.</summary>
public sealed record HostList
{
    /// <summary>By name.</summary>
    public required IReadOnlyList<HostResource> Hosts { get; init; }
}
