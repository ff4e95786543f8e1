namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>Whether the CLI lets our channel's messages in.</summary>
internal abstract record ChannelAvailability
{
    private ChannelAvailability()
    {
    }

    /// <param name="Confirmed">Whether the CLI said so; otherwise it has only said nothing against it in time.</param>
    public sealed record Available(bool Confirmed) : ChannelAvailability;

    /// <param name="Text">What the CLI said, for a person.</param>
    public sealed record Unavailable(ChannelRefusal Reason, string Text) : ChannelAvailability;
}
