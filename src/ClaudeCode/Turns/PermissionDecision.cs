using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>The answer to a <see cref="PermissionQuestion"/>.</summary>
public abstract record PermissionDecision
{
    private PermissionDecision()
    {
    }

    /// <param name="UpdatedInput">An object that takes the place of the tool's arguments; null leaves them. For a tool that asks the user something, where the answer is.</param>
    public sealed record Allow(JsonElement? UpdatedInput = null) : PermissionDecision;

    /// <param name="Message">Told to the model.</param>
    /// <param name="Interrupt">Whether the turn ends with it.</param>
    public sealed record Deny(string Message, bool Interrupt = false) : PermissionDecision;
}
