using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Gets a turn run once, whatever became of earlier tries at it in this process, another one or on another host.</summary>
/// <remarks>
/// The CLI knows a prompt by its id and never runs it twice. What an id leads to:
/// new, or known but unanswered when the process was killed: it is run;
/// known and answered: nothing is run, and the answer is in the transcript;
/// known, but failed, interrupted or killed in the middle of a tool: nothing is run and there is no answer, so the
/// prompt has to be sent again under the next id.
/// </remarks>
public static class TurnDelivery
{
    /// <summary>In a reply that an earlier process had given and could not hand over.</summary>
    public const string RecoveredNotice = "The answer had been given before a restart and was taken from the conversation's transcript.";

    /// <summary>In a reply to a prompt that had to be sent again.</summary>
    public const string ReplayedNotice = "An earlier try at this turn ended without an answer, so the prompt was sent again; tools that ran in that try may have run twice.";

    private const int MaxGenerations = 16;

    /// <param name="stopping">Stops the turn.</param>
    /// <returns>The outcome, never <see cref="TurnOutcome.Repeated"/>, and what the reader should know of how it came about.</returns>
    public static async Task<(TurnOutcome Outcome, string? Notice)> RunAsync(
        ClaudeProcess process,
        Transcript transcript,
        TurnPrompt prompt,
        TurnBounds bounds,
        ITurnObserver observer,
        CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(prompt);

        for (var generation = 0; generation < MaxGenerations; generation++)
        {
            var messageId = MessageIds.For(prompt.SessionId, prompt.TurnId, generation);
            var outcome = await process.RunAsync(messageId, prompt, bounds, observer, stopping);
            if (outcome is not TurnOutcome.Repeated)
            {
                return (outcome, generation == 0 ? null : ReplayedNotice);
            }

            // Not stopped half-way: the longest transcripts are read in less than a second.
            if (await transcript.FindAnswerAsync(messageId, CancellationToken.None) is { } answer)
            {
                return (new TurnOutcome.Completed(new ClaudeAnswer(answer.Text, answer.Usage, 0, null)), RecoveredNotice);
            }
        }

        return (new TurnOutcome.Failed(ProblemCatalogue.ModelError($"The turn was given up after {MaxGenerations} tries.")), null);
    }
}
