namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <param name="Preserve">Whether events that nobody took go to the next execution.</param>
/// <param name="Second">Whether this is that execution.</param>
public sealed record KeepEvents(bool Preserve, bool Second);
