namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>How long the steps of a turn over a channel may take.</summary>
/// <param name="Arrival">From a push to a sign that it has arrived; then it is pushed once more, and then given up.</param>
/// <param name="Flush">From the hook that ends the turn to the line of the transcript that does. Measured: 4 to 73 ms.</param>
/// <param name="Quiet">How long a transcript that ends with a whole answer stays as it is before the hook counts as lost.</param>
internal sealed record ChannelBounds(TimeSpan Arrival, TimeSpan Flush, TimeSpan Quiet)
{
    /// <summary>5 s, 2 s and 3 s.</summary>
    public static ChannelBounds Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
}
