namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Whether an interactive process has come up.</summary>
internal abstract record InteractiveStart
{
    private InteractiveStart()
    {
    }

    public sealed record Ready(InteractiveProcess Process) : InteractiveStart;

    /// <summary>It was to resume a conversation that the CLI does not have.</summary>
    public sealed record NoConversation : InteractiveStart;

    /// <summary>It was to begin a conversation under an id that has one already.</summary>
    public sealed record ConversationExists : InteractiveStart;

    /// <param name="Detail">For a person; holds what the screen says.</param>
    public sealed record Failed(string Detail) : InteractiveStart;
}
