namespace FunctionsBroker.Contracts.Endpoints;

/// <summary>The file <c>endpoints.json</c> that <c>broker up</c> writes: where every part is and which process it is.</summary>
public sealed record EndpointsFile
{
    public required FrontEndpoint Front { get; init; }

    public required IReadOnlyList<HostEndpoint> Hosts { get; init; }

    public required StorageEndpoint Storage { get; init; }

    /// <summary>The loopback model; present in the demo only.</summary>
    public ModelEndpoint? Model { get; init; }
}
