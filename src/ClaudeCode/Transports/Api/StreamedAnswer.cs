using System.Text;
using Anthropic.Models.Messages;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports.Api;

/// <summary>Puts an answer together from the API's events, and tells of its text as it comes.</summary>
internal sealed class StreamedAnswer(ITurnObserver observer)
{
    private readonly StringBuilder _text = new();
    private TokenUsage _usage = new();
    private StopReason? _stopReason;
    private bool _ended;

    public void Accept(RawMessageStreamEvent streamed)
    {
        if (streamed.TryPickStart(out var start))
        {
            var usage = start.Message.Usage;
            _usage = new TokenUsage
            {
                InputTokens = usage.InputTokens,
                OutputTokens = usage.OutputTokens,
                CacheReadTokens = usage.CacheReadInputTokens ?? 0,
                CacheWriteTokens = usage.CacheCreationInputTokens ?? 0,
            };
        }
        else if (streamed.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var text))
        {
            _text.Append(text.Text);
            observer.Observe(new TurnProgress.TextDelta(text.Text));
        }
        else if (streamed.TryPickDelta(out var delta))
        {
            _stopReason = delta.Delta.StopReason?.Value();
            _usage = _usage with { OutputTokens = delta.Usage.OutputTokens };
        }
        else if (streamed.TryPickStop(out _))
        {
            _ended = true;
        }
    }

    /// <summary>How the turn ended, once there are no more events.</summary>
    /// <param name="elapsed">Since the request was sent.</param>
    public TurnOutcome End(TimeSpan elapsed) =>
        (_ended, _stopReason) switch
        {
            (false, _) => new TurnOutcome.Failed(ProblemCatalogue.ModelUnreachable("The stream ended before the answer did.")),
            (_, StopReason.Refusal) => new TurnOutcome.Failed(ProblemCatalogue.ModelRefused("The model's safeguards stopped the answer.")),
            (_, StopReason.MaxTokens) => new TurnOutcome.Failed(ProblemCatalogue.AnswerTooLong("The answer reached the profile's ApiMaxTokens.")),
            (_, StopReason.ModelContextWindowExceeded) => new TurnOutcome.Failed(ProblemCatalogue.ContextTooLong("The model's context window is full.")),
            _ => new TurnOutcome.Completed(new ClaudeAnswer(_text.ToString(), _usage, 0, (long)elapsed.TotalMilliseconds)),
        };
}
