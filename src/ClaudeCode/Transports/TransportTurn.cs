using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>A turn as a transport is given it.</summary>
public sealed record TransportTurn
{
    public required TurnPrompt Prompt { get; init; }

    /// <summary>The conversation that it belongs to.</summary>
    public required ClaudeLaunch Conversation { get; init; }

    public required ITurnObserver Observer { get; init; }

    public required ISessionProcess Process { get; init; }
}
