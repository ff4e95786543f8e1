using FunctionsBroker.Contracts.Problems;

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

/// <summary>How a turn over a channel has ended.</summary>
internal abstract record ChannelEnd
{
    private ChannelEnd()
    {
    }

    public sealed record Answered(string Text) : ChannelEnd;

    /// <summary>The turn has ended without an answer; the process goes on.</summary>
    public sealed record Failed(Problem Problem) : ChannelEnd;

    /// <summary>The prompt shows no sign of having arrived. Only the end of the process proves that it will not.</summary>
    public sealed record Undelivered : ChannelEnd;

    /// <summary>The process does not break the turn off, or does not show that it has: it has to be stopped.</summary>
    public sealed record Stuck(Problem Reason) : ChannelEnd;

    /// <summary>The process has ended in the middle of the turn.</summary>
    public sealed record Lost : ChannelEnd;
}
