using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Soak;

/// <summary>The channel transport against a CLI that loses, delays and doubles what it is given and what it reports.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ChannelSoakTests
{
    private const int Sessions = 20;
    private static readonly int s_turnsEach = SoakSize.IsFull ? 100 : 15;
    private const int Seed = 20260721;

    private static readonly KeyValuePair<string, string?>[] s_profile =
    [
        new("Transports:0", "channel"),
        new("Transports:1", "stream-json"),
        new("Channel:Arrival", "00:00:01"),
    ];

    [Fact(Timeout = 900_000)]
    public async Task Turns_over_a_channel_that_fails_in_every_known_way_are_each_answered_once_with_their_own_answer()
    {
        await using var host = await SoakHost.StartScriptedAsync(Sessions, s_profile);
        var front = new SoakFront(host);
        ConcurrentBag<(string Fault, string Answer, TurnRecord Row)> ended = [];

        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async number =>
        {
            var random = new Random(Seed + number);
            for (var turn = 0; turn < s_turnsEach; turn++)
            {
                var (id, fault) = ($"room-{number}-{turn}", ChannelFaults.Deal(random));
                var answer = $"answer {id} {random.Next()} ";
                ended.Add((fault, answer, await front.RunAsync($"room-{number}", id, $"{fault}\nsay {answer}")));
            }
        }));

        Assert.Equal(Sessions * s_turnsEach, ended.Count);
        Assert.All(ended, turn => Assert.Equal((TurnStatus.Completed, null), (turn.Row.Status, turn.Row.Problem)));
        Assert.All(ended, turn => Assert.True(turn.Answer.TrimEnd() == turn.Row.Reply!.Text.TrimEnd(), Describe(turn.Row)));
        Assert.All(ended, turn => Assert.Single(front.Finished(turn.Row.SessionId.Value, turn.Row.TurnId.Value), said => said.Outcome == AttemptOutcome.Completed));
        Assert.All(ended.Where(turn => turn.Fault == "channel drop 2"), turn => Assert.Equal("stream-json", turn.Row.Reply!.Transport));

        // A machine that stands still for longer than the arrival may take makes turns fall back, and rightly so.
        Assert.InRange(ended.Count(turn => turn.Row.Reply!.Transport == "channel"), ended.Count / 2, ended.Count);
        foreach (var fault in ended.GroupBy(turn => turn.Fault).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var tries = fault.Sum(turn => turn.Row.Attempts.Sum(attempt => attempt.Tries.Count));
            TestContext.Current.TestOutputHelper!.WriteLine($"{fault.Key.Replace('\n', ',')}: {fault.Count()} turns, {tries} tries");
        }
    }

    private static string Describe(TurnRecord row) =>
        $"{row.TurnId} was answered '{row.Reply?.Text}' ({string.Join("; ", row.Reply?.Notices ?? [])}) after {string.Join(", ", row.Attempts.SelectMany(attempt => attempt.Tries).Select(tried => $"{tried.Transport}: {tried.Problem?.Code ?? "answered"}"))}";
}
