using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>A turn as a process is given it.</summary>
public sealed record TurnPrompt(SessionId SessionId, TurnId TurnId, string Text);
