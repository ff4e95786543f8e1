using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>A turn as a transport is given it.</summary>
public sealed record TransportTurn
{
    public required TurnPrompt Prompt { get; init; }

    /// <summary>The conversation that it belongs to.</summary>
    public required ClaudeLaunch Conversation { get; init; }

    public required ITurnObserver Observer { get; init; }

    public required ISessionProcess Process { get; init; }

    /// <summary>What was said in the conversation and the CLI does not know of.</summary>
    public required UntoldExchanges Untold { get; init; }

    /// <summary>From which on the prompt's ids are not known to be used up; see <see cref="MessageIds"/>.</summary>
    public int FirstGeneration { get; init; }

    /// <summary>Whether there may have been an earlier try at the turn, here or on another host, of which something is in the transcript.</summary>
    public bool MayHaveRun { get; init; }

    internal TurnDelivery Deliver(TurnPrompt prompt) =>
        new(Conversation.Transcript, Conversation.TranscriptOffset, prompt, Conversation.Profile.Replay);
}
