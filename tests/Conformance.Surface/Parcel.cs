namespace FunctionsBroker.Conformance.Surface;

/// <summary>What goes through orchestrations and queues here.</summary>
public sealed record Parcel(string Id, int Count);
