namespace FunctionsBroker.Local.Functions.Http;

/// <summary>The key file of one function.</summary>
internal sealed record FunctionSecrets
{
    public IReadOnlyList<SecretKey>? Keys { get; init; }
}
