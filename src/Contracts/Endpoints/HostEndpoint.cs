namespace FunctionsBroker.Contracts.Endpoints;

/// <summary>One session host.</summary>
public sealed record HostEndpoint(string Id, Uri Url, int Pid);
