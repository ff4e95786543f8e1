using FunctionsBroker.ClaudeCode.Launch;
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
/// prompt has to be sent again under the next id, if the profile's rule lets it be run again.
/// </remarks>
/// <param name="transcriptOffset">Where the transcript ended when the conversation's last outcome was recorded: no line of this turn is before it.</param>
public sealed class TurnDelivery(Transcript transcript, long transcriptOffset, TurnPrompt prompt, ReplayRule rule)
{
    /// <summary>In a reply that an earlier process had given and could not hand over.</summary>
    public const string RecoveredNotice = "The answer had been given before a restart and was taken from the conversation's transcript.";

    /// <summary>In a reply to a prompt that had to be sent again.</summary>
    public const string ReplayedNotice = "An earlier try at this turn ended without an answer, so the prompt was sent again.";

    /// <summary>In a reply to a prompt that had to be sent again although tools had been called for it.</summary>
    public const string ToolsReplayedNotice = "An earlier try at this turn ended without an answer, so the prompt was sent again; tools that ran in that try may have run twice.";

    /// <summary>Why there is no answer of a try whose end nobody saw.</summary>
    public const string CutOff = "An earlier try was cut off.";

    /// <param name="send">Gives the CLI the prompt under an id.</param>
    /// <param name="firstGeneration">The first id to use, see <see cref="MessageIds"/>.</param>
    /// <param name="mayBeKnown">Whether the CLI may have the prompt in its transcript already, from a process that is gone.</param>
    public async Task<Delivery> RunAsync(Func<Guid, Task<TurnOutcome>> send, int firstGeneration, bool mayBeKnown)
    {
        ArgumentNullException.ThrowIfNull(send);

        string? notice = null;
        for (var generation = firstGeneration; generation < MessageIds.Generations; generation++)
        {
            var messageId = MessageIds.For(prompt.SessionId, prompt.TurnId, generation);
            if (mayBeKnown)
            {
                var trace = await transcript.TraceAsync(messageId, transcriptOffset, CancellationToken.None);
                if (trace.Seen && Settle(trace, generation, ref notice) is { } settled)
                {
                    return settled;
                }

                if (trace.Failed)
                {
                    // The CLI knows the id and would not run it again.
                    continue;
                }
            }

            var outcome = await send(messageId);
            if (outcome is not TurnOutcome.Repeated)
            {
                return new Delivery(outcome, notice, outcome is TurnOutcome.Failed ? generation + 1 : generation);
            }

            // From the beginning: an answer may be older than the last outcome that was recorded.
            if (Settle(await transcript.TraceAsync(messageId, 0, CancellationToken.None), generation, ref notice) is { } known)
            {
                return known;
            }
        }

        return new Delivery(new TurnOutcome.Failed(ProblemCatalogue.ModelError($"The turn was given up after {MessageIds.Generations} tries.")), null, MessageIds.Generations);
    }

    private Delivery? Settle(TurnTrace trace, int generation, ref string? notice)
    {
        if (trace.Answer is { } answer)
        {
            return new Delivery(new TurnOutcome.Completed(new ClaudeAnswer(answer.Text, answer.Usage, 0, null)), RecoveredNotice, generation);
        }

        var mayHaveActed = trace.ToolsUsed || !trace.Failed;
        if (mayHaveActed && ReplayDecision.Refuse(rule, trace.ToolsUsed, CutOff) is { } refusal)
        {
            return new Delivery(new TurnOutcome.Failed(refusal), null, generation + 1);
        }

        notice = trace.ToolsUsed || notice == ToolsReplayedNotice ? ToolsReplayedNotice : ReplayedNotice;
        return null;
    }
}

/// <summary>How a prompt was delivered.</summary>
/// <param name="Outcome">Never <see cref="TurnOutcome.Repeated"/>.</param>
/// <param name="Notice">What the reader of the reply should know of how it came about.</param>
/// <param name="NextGeneration">From which generation on the prompt's ids are not known to be used up; see <see cref="MessageIds"/>.</param>
public sealed record Delivery(TurnOutcome Outcome, string? Notice, int NextGeneration);
