namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>An input that is an object.</summary>
public sealed record Parcel(string Text, int Count);
