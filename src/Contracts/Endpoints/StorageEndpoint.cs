namespace FunctionsBroker.Contracts.Endpoints;

/// <summary>Azurite.</summary>
public sealed record StorageEndpoint(string ConnectionString, int Pid);
