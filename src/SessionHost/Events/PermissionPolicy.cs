namespace FunctionsBroker.SessionHost.Events;

/// <summary>What becomes of the questions in a turn.</summary>
/// <param name="Relayed">Whether listeners are asked; otherwise everything is denied.</param>
/// <param name="Timeout">How long a question waits for its answer.</param>
internal readonly record struct PermissionPolicy(bool Relayed, TimeSpan Timeout);
