namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Something that concerns the turn which runs over a channel.</summary>
internal abstract record ChannelNews
{
    private ChannelNews()
    {
    }

    /// <summary>The CLI is about to give a prompt to the model.</summary>
    /// <param name="IsMine">Whether it is this turn's.</param>
    public sealed record Submitted(string? PromptId, bool IsMine) : ChannelNews;

    /// <summary>The CLI has ended a turn with an answer.</summary>
    public sealed record Stopped(string? PromptId, string? Message) : ChannelNews;

    /// <summary>The CLI has ended a turn by an error of the model.</summary>
    public sealed record StopFailed(string? PromptId, string? Kind, string? Message) : ChannelNews;

    /// <summary>The model has replied by the tool, in this turn.</summary>
    public sealed record Replied(string Text) : ChannelNews;

    /// <summary>The transcript was read.</summary>
    public sealed record Read(ChannelTrace Trace) : ChannelNews;

    /// <summary>Somebody is asked something, and the turn stands still until that is decided.</summary>
    public sealed record Waiting : ChannelNews;

    /// <summary>The turn is to stop.</summary>
    public sealed record StopAsked : ChannelNews;

    /// <summary>The process has ended.</summary>
    public sealed record ProcessEnded : ChannelNews;

    /// <summary>Time has passed.</summary>
    public sealed record Passed : ChannelNews;
}
