namespace FunctionsBroker.Bench;

/// <summary>What came back for a prompt.</summary>
/// <param name="Text">The reply.</param>
/// <param name="FirstDeltaMs">From the sending of the prompt to the first piece of the reply; null where pieces are not told.</param>
internal sealed record Answer(string Text, double? FirstDeltaMs = null);
