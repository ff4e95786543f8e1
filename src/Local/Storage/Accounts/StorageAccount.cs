namespace FunctionsBroker.Local.Storage.Accounts;

/// <summary>What a connection string says: where the services are and with what they are opened.</summary>
/// <param name="Name">The account's name, or null if only endpoints and a SAS were given.</param>
/// <param name="Key">The account key in base64, or null.</param>
/// <param name="SharedAccessSignature">The SAS without a leading question mark, or null.</param>
internal sealed record StorageAccount(
    string? Name,
    string? Key,
    string? SharedAccessSignature,
    Uri? TableEndpoint,
    Uri? QueueEndpoint)
{
    /// <summary>Prints no secret: records print every member unless told otherwise.</summary>
    public override string ToString() => $"StorageAccount {{ Name = {Name}, Tables = {TableEndpoint}, Queues = {QueueEndpoint} }}";
}
