using System.Globalization;
using System.Text.RegularExpressions;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Soak;

/// <summary>Whether everything held that the broker promises.</summary>
internal sealed partial class Verdict
{
    /// <summary>How long before or after a strike a reply may have been on its way: a slow disk keeps what Azurite was given for seconds.</summary>
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(30);

    /// <summary>How many replies the front has on their way at most, and a kill of it or of the storage may therefore repeat.</summary>
    private const int RepliesOnTheirWay = 4;

    private readonly List<string> _faults = [];
    private int _repeated;

    public Verdict(IReadOnlyList<SoakSession> sessions, ReplyLog replies, IReadOnlyList<Strike> strikes)
    {
        foreach (var session in sessions)
        {
            SoakTurn? before = null;
            foreach (var (index, turn) in session.Turns.Index())
            {
                JudgeAnswer(turn, index);
                JudgeOrder(turn, before);
                JudgeReplies(turn, replies.Of(turn.Id), strikes);
                JudgeHeard(turn);
                before = turn;
            }
        }

        if (_repeated > RepliesOnTheirWay * strikes.Count(Repeats))
        {
            _faults.Add($"{_repeated} replies were delivered again");
        }

        var turns = sessions.SelectMany(session => session.Turns).ToList();
        Summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{turns.Count} turns, {strikes.Count} strikes ({string.Join("; ", strikes.GroupBy(strike => strike.Kind).Select(kind => $"{kind.Key} {kind.Count()}, {RecoveryFrom([.. kind], turns)}"))}); "
            + $"{turns.Count(turn => turn.Ended!.Attempts.Count > 1)} turns took more than one attempt, "
            + $"{turns.Sum(turn => turn.Heard?.Resets ?? 0)} resets, {turns.Sum(turn => turn.Heard?.Connections - 1 ?? 0)} streams taken up again, "
            + $"{turns.Sum(turn => Math.Max(turn.Sendings - 1, 0))} messages sent again, {_repeated} replies delivered again, {_faults.Count} faults");
    }

    public IReadOnlyList<string> Faults => _faults;

    public string Summary { get; }

    private void JudgeAnswer(SoakTurn turn, int index)
    {
        var ended = turn.Ended!;
        var answer = Answer().Match(ended.Reply?.Text ?? string.Empty);
        if (ended.Status != TurnStatus.Completed || !answer.Success || answer.Groups["text"].Value != turn.Answer)
        {
            Fault(turn, $"ended as {ended.Status} with '{ended.Reply?.Text}', not '{turn.Answer}': {ended.Problem}");
        }
        else if (long.Parse(answer.Groups["prompts"].Value, CultureInfo.InvariantCulture) <= index)
        {
            // More is no fault: a prompt that was cut off and sent again stands in the conversation twice.
            Fault(turn, $"was answered in a conversation of {answer.Groups["prompts"].Value} prompts, although {index} came before it");
        }
    }

    private void JudgeOrder(SoakTurn turn, SoakTurn? before)
    {
        if (before is not null && turn.Ended!.Timings.FinishedAt <= before.Ended!.Timings.FinishedAt)
        {
            Fault(turn, "ended before the turn that was submitted before it");
        }
    }

    private void JudgeReplies(SoakTurn turn, IReadOnlyList<ReceivedReply> received, IReadOnlyList<Strike> strikes)
    {
        if (received.Count == 0)
        {
            Fault(turn, $"ended at {turn.Ended!.Timings.FinishedAt:T} and has no reply message: {string.Join(", ", turn.Ended.Attempts.Select(attempt => $"{attempt.HostId} {attempt.Outcome}"))}");
            return;
        }

        if (received.Any(reply => reply.Message.Status != turn.Ended!.Status || reply.Message.Text != turn.Ended.Reply?.Text))
        {
            Fault(turn, "has a reply message that says something else than the turn");
        }

        _repeated += received.Count - 1;
        foreach (var (first, again) in received.Zip(received.Skip(1)))
        {
            // The times of messages are whole seconds.
            if (!strikes.Any(strike => Repeats(strike) && (strike.At - first.SentAt).Duration() < s_moment && strike.At < again.SentAt + TimeSpan.FromSeconds(1)))
            {
                Fault(turn, $"has a reply message of {first.SentAt:T} and one of {again.SentAt:T} although neither front nor storage was killed then");
            }
        }
    }

    /// <summary>How long after a strike the turns ended that were under way; strikes follow each other, so that some had to recover from the next one too.</summary>
    private static string RecoveryFrom(IReadOnlyList<Strike> strikes, IReadOnlyList<SoakTurn> turns)
    {
        double[] seconds =
        [
            .. strikes.SelectMany(strike => turns.Select(turn => turn.Ended!.Timings)
                .Where(timings => timings.CreatedAt < strike.At && timings.FinishedAt > strike.At)
                .Select(timings => (timings.FinishedAt!.Value - strike.At).TotalSeconds)).Order(),
        ];
        return seconds.Length == 0
            ? "no turn under way"
            : string.Create(CultureInfo.InvariantCulture, $"{seconds.Length} turns under way ended after {seconds[0]:f1} s (first), {seconds[seconds.Length / 2]:f1} s (median), {seconds[^1]:f1} s (last)");
    }

    private static bool Repeats(Strike strike) => strike.Kind is StrikeKind.Front or StrikeKind.Worker or StrikeKind.Storage;

    private void JudgeHeard(SoakTurn turn)
    {
        if (turn.Heard is not { } heard)
        {
            return;
        }

        if (heard.Ends is not [TurnEvent.Completed(var reply)] || heard.AfterTheEnd > 0 || reply.Text != turn.Ended!.Reply?.Text)
        {
            Fault(turn, $"was heard to end with {string.Join(", ", heard.Ends)} and {heard.AfterTheEnd} events after that");
        }
        else if (heard.Shown != reply.Text)
        {
            Fault(turn, $"was shown as '{heard.Shown}', not '{reply.Text}', after {heard.Resets} resets and {heard.Connections} connections");
        }
    }

    private void Fault(SoakTurn turn, string fault) => _faults.Add($"{turn.SessionId} {turn.Id} {fault}");

    [GeneratedRegex(@"^\[(?<prompts>\d+)\] (?<text>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Answer();
}
