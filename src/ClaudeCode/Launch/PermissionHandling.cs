namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>What becomes of a tool call that no rule allows.</summary>
public enum PermissionHandling
{
    /// <summary>The CLI refuses it and the model is told.</summary>
    Deny,

    /// <summary>Whoever listens to the turn is asked; no answer in time is a refusal.</summary>
    Relay,
}
