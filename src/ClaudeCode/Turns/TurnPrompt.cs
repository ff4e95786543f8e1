using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>A turn as a transport is given it.</summary>
public sealed record TurnPrompt(SessionId SessionId, TurnId TurnId, string Text)
{
    /// <summary>What the user sends along; the model is shown it before the text.</summary>
    public IReadOnlyList<CheckedAttachment> Attachments { get; init; } = [];
}
