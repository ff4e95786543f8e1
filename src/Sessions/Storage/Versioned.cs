namespace FunctionsBroker.Sessions.Storage;

/// <summary>A value as it was read, with the tag that a guarded write must name.</summary>
public sealed record Versioned<T>(T Value, string ETag);
