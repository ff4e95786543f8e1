namespace FunctionsBroker.Local.Functions.Http;

/// <summary>The key file of the host.</summary>
internal sealed record HostSecrets
{
    public required SecretKey MasterKey { get; init; }

    public IReadOnlyList<SecretKey>? FunctionKeys { get; init; }

    public IReadOnlyList<SecretKey>? SystemKeys { get; init; }
}
