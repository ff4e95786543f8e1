using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>How a turn went over a channel.</summary>
/// <param name="ToolsUsed">Whether a tool was called, so that the turn may have had an effect.</param>
internal sealed record ChannelOutcome(TurnOutcome Outcome, bool ToolsUsed);
