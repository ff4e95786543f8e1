using System.Collections.Concurrent;
using System.Threading.Channels;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Soak;

[Trait("Category", "EndToEnd")]
public sealed class KilledProcessesTests
{
    private const int MaxSessions = 20;
    private const int AtOnce = 16;
    private const int Burst = 3;
    private const int TurnsPerStrike = 4;

    private static readonly int s_sessions = SoakSize.IsFull ? 40 : 24;
    private static readonly int s_turns = SoakSize.IsFull ? 500 : 120;

    /// <summary>A stopped process is given up after that, and a slow one must not be: sixteen that start at once take 10 s, and on a busy machine several times that.</summary>
    private static readonly TimeSpan s_turnIdle = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 900_000)]
    public async Task Turns_whose_processes_are_killed_and_stopped_at_random_are_each_answered_once_from_their_own_conversation()
    {
        await using var host = await SoakHost.StartAsync(MaxSessions, s_turnIdle);
        var front = new SoakFront(host);
        ConcurrentBag<(SoakSession Session, int Number, TurnRecord Row)> ended = [];
        using var killer = new RandomKiller(host.LiveFolder, TurnsPerStrike);

        await RunAllAsync(front, ended, killer);

        Assert.Equal(s_turns, ended.Count);
        Assert.All(ended, turn => Assert.True(turn.Row is { Status: TurnStatus.Completed, Problem: null }, $"It is {turn.Row.Status} after {Course(turn.Row)}"));
        Assert.All(ended, turn => Assert.EndsWith(turn.Session.Answer(turn.Number), turn.Row.Reply!.Text, StringComparison.Ordinal));
        Assert.All(ended, turn => Assert.Single(front.Finished(turn.Session.Id, turn.Row.TurnId.Value), said => said.Outcome == AttemptOutcome.Completed));
        Assert.All(ended, turn => Assert.Equal(turn.Row.Reply!.Transport, turn.Row.Attempts[^1].Tries[^1].Transport));
        Assert.True(killer.Kills >= s_turns / 9 && killer.Stops >= s_turns / 100, $"There were only {killer.Kills} kills and {killer.Stops} stops.");
        var struck = ended.Count(turn => turn.Row.Attempts.Sum(attempt => attempt.Tries.Count) > 1);
        Assert.True(struck >= s_turns / 100, $"Only {struck} turns needed more than one try.");
        TestContext.Current.TestOutputHelper!.WriteLine($"{killer.Kills} kills, {killer.Stops} stops, {struck} turns with more than one try");
    }

    private static string Course(TurnRecord turn) =>
        string.Join("; ", turn.Attempts.Select(attempt => $"{attempt.StartedAt:T} {attempt.Problem?.Code} [{string.Join(", ", attempt.Tries.Select(Describe))}]"));

    private static string Describe(TurnTry tried) =>
        $"{tried.Transport} {tried.StartedAt:T} to {tried.FinishedAt:T} {tried.Problem?.Code} {tried.Problem?.Detail}";

    // Sessions take turns in bursts, so that more of them are awake than there may be processes.
    private static async Task RunAllAsync(SoakFront front, ConcurrentBag<(SoakSession Session, int Number, TurnRecord Row)> ended, RandomKiller killer)
    {
        var waiting = Channel.CreateUnbounded<SoakSession>();
        for (var number = 0; number < s_sessions; number++)
        {
            waiting.Writer.TryWrite(new SoakSession(number, (s_turns / s_sessions) + (number < s_turns % s_sessions ? 1 : 0)));
        }

        var open = s_sessions;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            await foreach (var session in waiting.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                for (var left = Burst; left > 0 && session.Next < session.Turns; left--)
                {
                    var number = session.Next++;
                    ended.Add((session, number, await front.RunAsync(session.Id, $"{session.Id}-{number}", session.Prompt(number))));
                    await killer.NoteAsync();
                }

                if (session.Next < session.Turns)
                {
                    waiting.Writer.TryWrite(session);
                }
                else if (Interlocked.Decrement(ref open) == 0)
                {
                    waiting.Writer.Complete();
                }
            }
        }));
    }
}
