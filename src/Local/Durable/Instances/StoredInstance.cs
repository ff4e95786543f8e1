namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>An instance as its rows have it.</summary>
internal sealed record StoredInstance(string Id, InstanceDocument Document, StoredVersion Version);
