using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

/// <summary>A host is away in the middle of a turn, and comes back when another has its session.</summary>
[Trait("Category", "EndToEnd")]
public sealed class AwayHostTests : HostProcessTest
{
    private const string Slow = "remember colour=pink {{model: delay=100s times=1}}";
    private static readonly (string, string) s_beat = ("Host__HeartbeatInterval", "00:00:03");

    /// <summary>More than the two and a half beats after which a host may no longer go on.</summary>
    private static readonly TimeSpan s_tooLong = TimeSpan.FromSeconds(8);

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Host_ThatWasFrozen_StopsWhatItDidAndGoesOnWhereTheOtherHasStopped()
    {
        await using var away = await StartAsync("host-1", s_beat);
        await BeginAsync(away);
        var process = await ReadProcessAsync();
        away.Freeze();
        var frozen = TimeProvider.System.GetTimestamp();

        await AnswerElsewhereAsync();
        Assert.True(process.IsAlive());
        await Eventually.BecomesTrueAsync(() => TimeProvider.System.GetElapsedTime(frozen) > s_tooLong, Cancellation);
        away.Thaw();

        await Eventually.BecomesTrueAsync(() => !process.IsAlive(), Cancellation);
        await AssertNothingIsMissingAsync(away);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Host_ThatIsCutOffFromStorage_StopsWhatItDoesAndGoesOnWhereTheOtherHasStopped()
    {
        await using var tables = new CutLine(Storage.Ports.Table);
        await using var blobs = new CutLine(Storage.Ports.Blob);
        var connection = Storage.ConnectionString
            .Replace($":{Storage.Ports.Table}/", $":{tables.Port}/", StringComparison.Ordinal)
            .Replace($":{Storage.Ports.Blob}/", $":{blobs.Port}/", StringComparison.Ordinal);
        await using var away = await StartAsync("host-1", s_beat, ("AzureWebJobsStorage", connection));
        await BeginAsync(away);
        var process = await ReadProcessAsync();
        tables.Cut();
        blobs.Cut();

        await Eventually.BecomesTrueAsync(() => !process.IsAlive(), Cancellation);
        await AnswerElsewhereAsync();
        tables.Mend();
        blobs.Mend();

        await AssertNothingIsMissingAsync(away);
    }

    private async Task BeginAsync(HostProcess away)
    {
        await AskAsync(away, "t1", "remember colour=teal", epoch: 1);
        await EndAsync("t1");
        await SavedAsync("t1");
        await AskAsync(away, "t2", Slow, epoch: 1);
        await Model.WaitForRequestAsync(request => request.Turns == 2, Cancellation);
    }

    private async Task AnswerElsewhereAsync()
    {
        await using var other = await StartAsync("host-2");
        await AskAsync(other, "t2", Slow, epoch: 2);
        var second = await EndAsync("t2");
        await AskAsync(other, "t3", "remember size=huge", epoch: 2);
        await EndAsync("t3");
        await SavedAsync("t3");

        Assert.StartsWith("[2] remembered colour", second.Reply!.Text, StringComparison.Ordinal);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], second.Attempts.Select(attempt => attempt.Outcome));
    }

    private async Task AssertNothingIsMissingAsync(HostProcess back)
    {
        // It may still be at the end of the turn that it has lost.
        await Eventually.BecomesTrueAsync(async () => await TryAskAsync(back, "t4", "recall colour", epoch: 3), Cancellation);
        var fourth = await EndAsync("t4");
        await AskAsync(back, "t5", "what did I say 2 turns ago?", epoch: 3);
        var fifth = await EndAsync("t5");

        Assert.StartsWith("[4] pink", fourth.Reply!.Text, StringComparison.Ordinal);
        Assert.Equal("[5] remember size=huge", fifth.Reply!.Text);
        Assert.Single((await Turns.FindAsync(Session, Sessions.Identity.TurnId.Parse("t2"), Cancellation))!.Value.Attempts, attempt => attempt.Outcome == AttemptOutcome.Completed);
    }
}
