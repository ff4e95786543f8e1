using System.Collections.Immutable;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>A turn over a channel, as a pure state machine: what has happened so far, and what follows from the next thing.</summary>
/// <remarks>
/// Nothing that it is told of comes for certain, in order or once: a push is not acknowledged, hooks are lost, late or
/// doubled, the transcript lags behind. Hooks are told apart by the CLI's id of their prompt; one whose prompt is not
/// known to be this turn's never ends it, but may turn out to be its own when the prompt is told of later. Whatever the
/// order, there is exactly one <see cref="ChannelStep.End"/>. All times are counted from the turn's beginning.
/// </remarks>
internal sealed record ChannelTurn
{
    /// <summary>How many ends are kept whose prompts are not known: more than hooks were ever seen to overtake each other by.</summary>
    private const int MaxUnclaimed = 32;

    private static readonly ChannelStep s_wait = new ChannelStep.Wait();

    private ChannelTurn(ChannelBounds bounds, TurnBounds limits, int maxDeliveries)
    {
        Bounds = bounds;
        Limits = limits;
        MaxDeliveries = maxDeliveries;
        Due = bounds.Arrival;
    }

    /// <summary>When <see cref="ChannelNews.Passed"/> has to be told at the latest.</summary>
    public TimeSpan Due { get; private init; }

    /// <summary>How often the prompt was delivered.</summary>
    public int Deliveries { get; private init; } = 1;

    /// <summary>Whether there was a sign that the prompt has arrived.</summary>
    public bool HasArrived { get; private init; }

    public bool HasEnded => Phase == Phases.Ended;

    /// <summary>Whether a hook has told of the end, and the transcript's line is all that is missing.</summary>
    public bool IsSettling => Phase == Phases.Settling;

    /// <summary>What the transcript has of the turn.</summary>
    public ChannelTrace Trace { get; private init; } = new();

    private enum Phases
    {
        Delivering,
        Working,

        /// <summary>A hook has told of the end, and the transcript is waited for.</summary>
        Settling,

        /// <summary>The CLI was asked to break off.</summary>
        Stopping,
        Ended,
    }

    private Phases Phase { get; init; } = Phases.Delivering;

    private ChannelBounds Bounds { get; }

    private TurnBounds Limits { get; }

    private int MaxDeliveries { get; }

    private ImmutableHashSet<string> Prompts { get; init; } = [];

    /// <summary>Ends whose prompts are not known to be this turn's.</summary>
    private ImmutableList<ChannelNews> Unclaimed { get; init; } = [];

    private string? Message { get; init; }

    private ImmutableList<string> Replies { get; init; } = [];

    private TimeSpan LastSign { get; init; }

    private TimeSpan? AnsweredAt { get; init; }

    private Problem? StopReason { get; init; }

    /// <summary>The prompt is about to be delivered.</summary>
    /// <param name="maxDeliveries">How often that may be done until there is a sign of arrival.</param>
    public static ChannelTurn Begin(ChannelBounds bounds, TurnBounds limits, int maxDeliveries) => new(bounds, limits, maxDeliveries);

    /// <summary>Takes note of what happens, and says what is to be done.</summary>
    /// <param name="now">Never before the time of an earlier event.</param>
    public (ChannelTurn Turn, ChannelStep Step) After(ChannelNews happened, TimeSpan now)
    {
        if (HasEnded)
        {
            return (this, s_wait);
        }

        var (turn, step) = happened switch
        {
            ChannelNews.Submitted(var promptId, true) => Arrive(now, promptId),
            ChannelNews.Stopped or ChannelNews.StopFailed => TakeEnd(happened, PromptOf(happened), now),
            ChannelNews.Replied(var text) => (this with { Replies = Replies.Add(text) }).Arrive(now, null),
            ChannelNews.Read(var trace) => TakeTrace(trace, now),
            ChannelNews.Waiting => (this with { LastSign = now }, s_wait),
            ChannelNews.StopAsked => Stop(ProblemCatalogue.Interrupted(), now),
            ChannelNews.ProcessEnded => EndWithProcess(),
            _ => (this, s_wait),
        };
        return step is ChannelStep.Wait && !turn.HasEnded ? turn.Pass(now) : (turn, step);
    }

    private (ChannelTurn Turn, ChannelStep Step) Arrive(TimeSpan now, string? promptId)
    {
        var turn = this with
        {
            Phase = Phase == Phases.Delivering ? Phases.Working : Phase,
            HasArrived = true,
            LastSign = now,
            Prompts = promptId is null ? Prompts : Prompts.Add(promptId),
        };
        return turn.Claim(now);
    }

    // Hooks overtake each other: an end that came first is this turn's if its prompt is.
    private (ChannelTurn Turn, ChannelStep Step) Claim(TimeSpan now)
    {
        foreach (var end in Unclaimed)
        {
            if (PromptOf(end) is { } promptId && Prompts.Contains(promptId))
            {
                return (this with { Unclaimed = Unclaimed.Remove(end) }).TakeEnd(end, promptId, now);
            }
        }

        return (this, s_wait);
    }

    private (ChannelTurn Turn, ChannelStep Step) TakeEnd(ChannelNews end, string? promptId, TimeSpan now)
    {
        if (promptId is null || !Prompts.Contains(promptId))
        {
            return (this with { Unclaimed = (Unclaimed.Count < MaxUnclaimed ? Unclaimed : Unclaimed.RemoveAt(0)).Add(end) }, s_wait);
        }

        return end switch
        {
            ChannelNews.StopFailed(_, var kind, var message) => End(new ChannelEnd.Failed(StopReason ?? TurnVerdict.OfFailure(kind, message ?? Trace.Failure?.Text ?? string.Empty))),
            ChannelNews.Stopped(_, var message) when Phase != Phases.Settling =>
                (this with { Phase = Phases.Settling, Message = message ?? string.Empty, Due = now + Bounds.Flush }).Settle(),
            _ => (this, s_wait),
        };
    }

    private (ChannelTurn Turn, ChannelStep Step) TakeTrace(ChannelTrace trace, TimeSpan now)
    {
        var grown = trace.Lines > Trace.Lines;
        var turn = this with
        {
            Trace = trace,
            LastSign = grown ? now : LastSign,
            AnsweredAt = trace.Answer is null && trace.Failure is null ? null : grown ? now : AnsweredAt ?? now,
        };
        if (!trace.IsSeen)
        {
            return (turn, s_wait);
        }

        var (arrived, step) = turn.HasArrived && (trace.PromptId is null || turn.Prompts.Contains(trace.PromptId))
            ? (turn, s_wait)
            : turn.Arrive(now, trace.PromptId);
        return step is ChannelStep.Wait ? arrived.Conclude() : (arrived, step);
    }

    // What the transcript says by itself.
    private (ChannelTurn Turn, ChannelStep Step) Conclude() =>
        Phase switch
        {
            Phases.Settling => Settle(),
            Phases.Working or Phases.Stopping when Trace is { IsOver: true, Answer: { } answer } => Answer(answer),
            Phases.Working or Phases.Stopping when Trace.IsInterrupted => End(new ChannelEnd.Failed(StopReason ?? ProblemCatalogue.Interrupted())),
            _ => (this, s_wait),
        };

    private (ChannelTurn Turn, ChannelStep Step) Settle() =>
        Trace.Answer is { } answer && answer.TrimEnd() == Message?.TrimEnd() ? Answer(answer) : (this, s_wait);

    private (ChannelTurn Turn, ChannelStep Step) Pass(TimeSpan now) =>
        Phase switch
        {
            Phases.Delivering when now < Due => Wait(Due),
            Phases.Delivering when Deliveries < MaxDeliveries => (this with { Deliveries = Deliveries + 1, Due = now + Bounds.Arrival }, new ChannelStep.DeliverAgain()),
            Phases.Delivering => End(new ChannelEnd.Undelivered()),
            Phases.Settling when now >= Due => Answer(string.IsNullOrEmpty(Message) ? Trace.Answer ?? string.Empty : Message),
            Phases.Stopping when now >= Due => End(new ChannelEnd.Stuck(StopReason ?? ProblemCatalogue.Interrupted())),
            Phases.Working => Work(now),
            _ => (this, s_wait),
        };

    private (ChannelTurn Turn, ChannelStep Step) Work(TimeSpan now)
    {
        if (AnsweredAt is { } since && now >= since + Bounds.Quiet)
        {
            return Trace.Failure is { } failure ? End(new ChannelEnd.Failed(TurnVerdict.OfFailure(failure.Kind, failure.Text))) : Answer(Trace.Answer ?? string.Empty);
        }

        var idleAt = LastSign + Limits.Idle;
        if (now >= Limits.Max || now >= idleAt)
        {
            return Stop(ProblemCatalogue.TurnTimedOut(now >= Limits.Max ? Limits.Max : Limits.Idle), now);
        }

        return Wait(Earliest(idleAt, Limits.Max, AnsweredAt + Bounds.Quiet));
    }

    private (ChannelTurn Turn, ChannelStep Step) Stop(Problem reason, TimeSpan now) =>
        Phase is Phases.Delivering or Phases.Working
            ? (this with { Phase = Phases.Stopping, StopReason = reason, Due = now + Limits.InterruptGrace }, new ChannelStep.Interrupt())
            : (this, s_wait);

    private (ChannelTurn Turn, ChannelStep Step) EndWithProcess() =>
        Phase switch
        {
            Phases.Settling => Answer(Trace.Answer is { } answer && answer.TrimEnd() == Message?.TrimEnd() ? answer : Message ?? string.Empty),
            Phases.Stopping => End(new ChannelEnd.Stuck(StopReason ?? ProblemCatalogue.Interrupted())),
            _ when Trace.Answer is { } answer => Answer(answer),
            _ => End(new ChannelEnd.Lost()),
        };

    private (ChannelTurn Turn, ChannelStep Step) Answer(string text) =>
        End(new ChannelEnd.Answered(ReplyTool.Choose(Replies, text)));

    private (ChannelTurn Turn, ChannelStep Step) End(ChannelEnd how) => (this with { Phase = Phases.Ended }, new ChannelStep.End(how));

    private (ChannelTurn Turn, ChannelStep Step) Wait(TimeSpan due) => (this with { Due = due }, s_wait);

    private static TimeSpan Earliest(TimeSpan one, TimeSpan other, TimeSpan? third)
    {
        var earlier = one < other ? one : other;
        return third is { } last && last < earlier ? last : earlier;
    }

    private static string? PromptOf(ChannelNews end) =>
        end switch
        {
            ChannelNews.Stopped(var promptId, _) => promptId,
            ChannelNews.StopFailed(var promptId, _, _) => promptId,
            _ => null,
        };
}

/// <summary>How long the steps of a turn over a channel may take.</summary>
/// <param name="Arrival">From a push to a sign that it has arrived; then it is pushed once more, and then given up.</param>
/// <param name="Flush">From the hook that ends the turn to the line of the transcript that does. Measured: 4 to 73 ms.</param>
/// <param name="Quiet">How long a transcript that ends with a whole answer stays as it is before the hook counts as lost.</param>
internal sealed record ChannelBounds(TimeSpan Arrival, TimeSpan Flush, TimeSpan Quiet)
{
    /// <summary>5 s, 2 s and 3 s.</summary>
    public static ChannelBounds Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
}
