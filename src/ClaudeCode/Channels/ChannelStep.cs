namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>What is to be done for a turn over a channel.</summary>
internal abstract record ChannelStep
{
    private ChannelStep()
    {
    }

    /// <summary>Nothing, but to wait.</summary>
    public sealed record Wait : ChannelStep;

    /// <summary>The prompt is delivered once more.</summary>
    public sealed record DeliverAgain : ChannelStep;

    /// <summary>The CLI is asked to break the turn off.</summary>
    public sealed record Interrupt : ChannelStep;

    /// <summary>The turn has ended.</summary>
    public sealed record End(ChannelEnd How) : ChannelStep;
}
