namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>What is done before a conversation outgrows its model's context window.</summary>
public enum ContextGuardMode
{
    /// <summary>The CLI sums the conversation up and goes on with the summary.</summary>
    Compact,

    /// <summary>A new conversation is begun, which knows nothing of the old one.</summary>
    Rotate,

    None,
}
