using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>A way in which a prompt gets to the model and the answer back.</summary>
/// <remarks>Shared by all sessions: what belongs to one is in the turn. A session runs one turn by one transport at a time.</remarks>
public interface ITransport
{
    /// <summary>One of <see cref="ClaudeTransports.All"/>.</summary>
    string Name { get; }

    /// <summary>Tries a turn once. How it ended is in the result, whatever went wrong outside of this program.</summary>
    /// <param name="bounds">How long the try may take; all of it, the start of a process included.</param>
    /// <param name="stopping">Stops the turn.</param>
    Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping);
}

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

    /// <summary>Whether the turn is to sum the conversation up, and has no prompt. Only <see cref="ClaudeTransports.StreamJson"/> can do that.</summary>
    public bool Compacts { get; init; }

    /// <summary>From which on the prompt's ids are not known to be used up; see <see cref="MessageIds"/>.</summary>
    public int FirstGeneration { get; init; }

    /// <summary>Whether there may have been an earlier try at the turn, here or on another host, of which something is in the transcript.</summary>
    public bool MayHaveRun { get; init; }

    internal TurnDelivery Deliver(TurnPrompt prompt) =>
        new(Conversation.Transcript, Conversation.TranscriptOffset, prompt, Conversation.Profile.Replay);
}

/// <summary>How a try at a turn ended.</summary>
/// <param name="Outcome">Never <see cref="TurnOutcome.Repeated"/>.</param>
public sealed record TransportResult(TurnOutcome Outcome)
{
    /// <summary>The process that it ran in; null when there was none.</summary>
    public TurnProcess? Process { get; init; }

    /// <summary>Whether a tool was called, so that the try may have had an effect.</summary>
    public bool ToolsUsed { get; init; }

    /// <summary>From the prompt to the end, without the start of a process.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>For <see cref="TransportTurn.FirstGeneration"/> of the next try.</summary>
    public int NextGeneration { get; init; }

    /// <summary>What the reply's reader should know of how it came about.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
