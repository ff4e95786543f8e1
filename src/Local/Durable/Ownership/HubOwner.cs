namespace FunctionsBroker.Local.Durable.Ownership;

/// <summary>A task hub object that may own a hub, in the process that it lives in.</summary>
/// <param name="Id">Unique per object.</param>
internal sealed record HubOwner(string Id, OwnerIdentity Process);
