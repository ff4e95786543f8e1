using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Channels;

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
