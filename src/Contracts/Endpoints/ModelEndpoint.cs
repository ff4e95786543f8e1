namespace FunctionsBroker.Contracts.Endpoints;

/// <summary>The loopback model.</summary>
public sealed record ModelEndpoint(Uri Url, int Pid);
