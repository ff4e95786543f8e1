namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>How long a turn may take.</summary>
/// <param name="Idle">Without any output.</param>
/// <param name="Max">In all.</param>
/// <param name="InterruptGrace">Between the request to stop the turn and the end of the process.</param>
public sealed record TurnBounds(TimeSpan Idle, TimeSpan Max, TimeSpan InterruptGrace);
