using System.Globalization;
using System.Text.RegularExpressions;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Soak;

/// <summary>Whether everything held that the broker promises.</summary>
internal sealed partial class Verdict
{
    /// <summary>How long after a strike the system may still be busy with it: a killed host is only missed after three beats.</summary>
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(60);

    private readonly List<string> _faults = [];
    private int _repeated;

    public Verdict(IReadOnlyList<SoakSession> sessions, ReplyLog replies, IReadOnlyList<Strike> strikes)
    {
        foreach (var session in sessions)
        {
            long last = 0;
            foreach (var turn in session.Turns)
            {
                last = JudgeAnswer(turn, last);
                JudgeReplies(turn, replies.Of(turn.Id), strikes);
                JudgeHeard(turn);
            }
        }

        var turns = sessions.SelectMany(session => session.Turns).ToList();
        Summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{turns.Count} turns, {strikes.Count} strikes ({string.Join(", ", strikes.GroupBy(strike => strike.Kind).Select(kind => $"{kind.Key} {kind.Count()}"))}); "
            + $"{turns.Count(turn => turn.Ended!.Attempts.Count > 1)} turns took more than one attempt, "
            + $"{turns.Sum(turn => turn.Heard?.Resets ?? 0)} resets, {turns.Sum(turn => turn.Heard?.Connections - 1 ?? 0)} streams taken up again, "
            + $"{_repeated} replies delivered again, {_faults.Count} faults");
    }

    public IReadOnlyList<string> Faults => _faults;

    public string Summary { get; }

    /// <returns>How many turns the conversation had, as the model counts them.</returns>
    private long JudgeAnswer(SoakTurn turn, long last)
    {
        var ended = turn.Ended!;
        var answer = Answer().Match(ended.Reply?.Text ?? string.Empty);
        if (ended.Status != TurnStatus.Completed || !answer.Success || answer.Groups["text"].Value != turn.Answer)
        {
            Fault(turn, $"ended as {ended.Status} with '{ended.Reply?.Text}', not '{turn.Answer}': {ended.Problem}");
            return last;
        }

        var number = long.Parse(answer.Groups["number"].Value, CultureInfo.InvariantCulture);
        if (number <= last)
        {
            Fault(turn, $"was number {number} of its conversation, after number {last}");
        }

        return number;
    }

    private void JudgeReplies(SoakTurn turn, IReadOnlyList<ReceivedReply> received, IReadOnlyList<Strike> strikes)
    {
        if (received.Any(reply => reply.Message.Status != turn.Ended!.Status || reply.Message.Text != turn.Ended.Reply?.Text))
        {
            Fault(turn, "has a reply message that says something else than the turn");
        }

        _repeated += received.Count - 1;
        if (received.Count > 1 && !strikes.Any(strike => strike.At > received[0].SentAt - s_aftermath && strike.At < received[^1].SentAt))
        {
            Fault(turn, $"has {received.Count} reply messages although nothing was killed");
        }
    }

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

    [GeneratedRegex(@"^\[(?<number>\d+)\] (?<text>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Answer();
}
