using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>A turn as a transport is given it.</summary>
public sealed record TurnPrompt(SessionId SessionId, TurnId TurnId, string Text)
{
    /// <summary>Whether the CLI may take the text for one of its commands where it begins with a slash; otherwise it is text, whatever it begins with.</summary>
    public bool MayBeCommand { get; init; }

    /// <summary>What the user sends along; the model is shown it before the text.</summary>
    public IReadOnlyList<CheckedAttachment> Attachments { get; init; } = [];
}
