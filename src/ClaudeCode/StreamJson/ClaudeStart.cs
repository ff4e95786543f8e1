namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Whether a process has come up.</summary>
internal abstract record ClaudeStart
{
    private ClaudeStart()
    {
    }

    public sealed record Ready(ClaudeProcess Process) : ClaudeStart;

    /// <summary>It was to resume a conversation that the CLI does not have.</summary>
    public sealed record NoConversation : ClaudeStart;

    /// <summary>It was to begin a conversation under an id that has one already.</summary>
    public sealed record ConversationExists : ClaudeStart;

    public sealed record Failed(string Detail) : ClaudeStart;
}
