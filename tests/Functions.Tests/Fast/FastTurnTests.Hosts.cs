using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Fast;

public sealed partial class FastTurnTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HostThatRefuses_TheTurn_IsLeftToTheMailboxAndWasNotAttempted()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        foreach (var refusal in new[] { ProblemCatalogue.SessionBusy(), ProblemCatalogue.StaleEpoch(9, Epoch), ProblemCatalogue.HostDraining(), ProblemCatalogue.HostAtCapacity(1) })
        {
            host.Refusal = refusal;
            var accepted = await front.AcceptAsync(FakeFront.Submission($"turn-{refusal.Code}"), Cancellation);

            Assert.Null(_mailbox.Tickets.Last().Dispatched);
            Assert.Null(await accepted.Ended!);
            Assert.Equal((TurnStatus.Queued, 0), (accepted.Turn.Status, accepted.Turn.Attempts.Count));
            var kept = await ReadAsync(accepted.Turn.TurnId.Value);
            Assert.Equal((TurnStatus.Queued, 0), (kept.Status, kept.Attempts.Count));
            await EndAsync(accepted.Turn.TurnId.Value);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HostThatSaysNothing_TheMailbox_IsToldAllTheSameAndTheEndIsStillHeard()
    {
        var (front, host) = await StartAsync(new BrokerOptions().DispatchPatience);
        await AnsweredAsync("turn-0");
        var silence = new TaskCompletionSource();
        host.Silence = silence.Task;

        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        Assert.Null(Assert.Single(_mailbox.Tickets).Dispatched);
        Assert.Equal(AttemptOutcome.Running, Assert.Single((await ReadAsync("turn-1")).Attempts).Outcome);
        silence.SetResult();
        Assert.Equal("answer to turn-1", (await accepted.Ended!)?.Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HostThatIsGone_TheTurn_IsLeftToTheMailboxAndWasNotAttempted()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        await host.StopAsync();

        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        Assert.Null(Assert.Single(_mailbox.Tickets).Dispatched);
        Assert.Null(await accepted.Ended!);
        var kept = await ReadAsync("turn-1");
        Assert.Equal((TurnStatus.Queued, 0), (kept.Status, kept.Attempts.Count));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HostThatDrainsOrIsDead_TheTurn_IsNotOfferedToIt(bool draining)
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        await _hosts.SaveAsync(
            draining ? host.Record with { Draining = true } : host.Record with { HeartbeatAt = DateTimeOffset.UnixEpoch },
            Cancellation);

        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        Assert.Equal(TurnStatus.Queued, accepted.Turn.Status);
        AssertLeftToMailbox(host, "turn-1");
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HostThatHasBegunAnewSince_TheTurn_IsNotOfferedToIt()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        host.StartedAt = TimeProvider.System.GetUtcNow();
        await _hosts.SaveAsync(host.Record, Cancellation);

        await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        AssertLeftToMailbox(host, "turn-1");
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(null, new[] { "host-2", "host-3" })]
    [InlineData("special", new[] { "host-3" })]
    public async Task OtherHosts_ThatCouldTakeTheTurn_AreToldToTheMailbox(string? profile, string[] expected)
    {
        var (front, _) = await StartAsync();
        await AddHostAsync("host-2");
        var third = await AddHostAsync("host-3");
        await _hosts.SaveAsync(third.Record with { Profiles = ["special"] }, Cancellation);
        var fourth = await AddHostAsync("host-4");
        await _hosts.SaveAsync(fourth.Record with { Draining = true, Profiles = ["special"] }, Cancellation);
        await AnsweredAsync("turn-0");

        await front.AcceptAsync(FakeFront.Submission("turn-1") with { Profile = profile, Deadline = TimeSpan.FromHours(1) }, Cancellation);

        Assert.Equal(expected, Assert.Single(_mailbox.Tickets).Dispatched?.OtherHosts.Order());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task HostThatHangsUp_TheEnd_IsFoundInTheRow()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        host.HangsUp = true;

        var ended = await front.AskAsync(FakeFront.Submission("turn-1"));

        Assert.Equal("answer to turn-1", ended.Reply?.Text);
        await Eventually.BecomesTrueAsync(() => _mailbox.Tickets.Count == 1, Cancellation);
    }
}
