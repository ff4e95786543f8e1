namespace FunctionsBroker.Local.Functions.Http;

/// <summary>A key as a key file holds it.</summary>
internal sealed record SecretKey
{
    public string Name { get; init; } = string.Empty;

    public required string Value { get; init; }

    public bool Encrypted { get; init; }
}
