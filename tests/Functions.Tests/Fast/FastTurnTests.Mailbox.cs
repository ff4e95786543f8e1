using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>When the mailbox hears of a turn.</summary>
public sealed partial class FastTurnTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task IdleSession_ItsTurnsReply_IsSentByTheFrontThatHeardIt()
    {
        var (front, _) = await StartAsync();
        await AnsweredAsync("turn-0");

        await front.AskAsync(FakeFront.Submission("turn-1") with { ReplyTo = "replies" });

        await Eventually.BecomesTrueAsync(async () => (await ReadAsync("turn-1")).Published, Cancellation);
        Assert.Equal("answer to turn-1", Assert.Single(front.Replies).Text);
        Assert.Empty(_mailbox.Tickets);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task IdleSession_TurnThatTakesLong_IsToldToTheMailboxToo()
    {
        var clock = new FakeTimeProvider();
        var host = await AddHostAsync("host-1");
        var front = Front(lines: clock);
        await AnsweredAsync("turn-0");
        var work = new TaskCompletionSource();
        host.Work = work.Task;
        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1") with { ReplyTo = "replies" }, Cancellation);
        Assert.Empty(_mailbox.Tickets);

        clock.Advance(TimeSpan.FromSeconds(10));

        await Eventually.BecomesTrueAsync(() => _mailbox.Tickets.Count == 1, Cancellation);
        Assert.Null(Assert.Single(_mailbox.Tickets).Dispatched);
        work.SetResult();
        Assert.Equal("answer to turn-1", (await accepted.Ended!)?.Reply?.Text);
        await Eventually.BecomesTrueAsync(() => front.Replies.Count == 1, Cancellation);
        Assert.Single(_mailbox.Tickets);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task TurnWithADeadline_IsToldToTheMailboxAtOnce()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");

        await front.AcceptAsync(FakeFront.Submission("turn-1") with { Deadline = TimeSpan.FromHours(1) }, Cancellation);

        var dispatched = Assert.Single(_mailbox.Tickets).Dispatched;
        Assert.Equal(new Placement("host-1", Epoch) { HostStartedAt = host.StartedAt }, dispatched?.Placement);
        Assert.Empty(dispatched!.OtherHosts);
        Assert.False(Assert.Single(host.Given).CallbackUnlessHeard);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task MailboxThatIsAway_TurnOfAnIdleSession_DoesNotNeedIt()
    {
        var (front, _) = await StartAsync();
        await AnsweredAsync("turn-0");
        _mailbox.OnSignal = () => throw new IOException("away");

        Assert.Equal("answer to turn-1", (await front.AskAsync(FakeFront.Submission("turn-1"))).Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task MailboxThatIsAway_TheCallerIsTold_AndTheSameTurnAgainReachesIt()
    {
        var (front, host) = await StartAsync();
        _mailbox.OnSignal = () => throw new IOException("away");
        await Assert.ThrowsAsync<IOException>(() => front.SubmitAsync(FakeFront.Submission("turn-1"), Cancellation));
        _mailbox.OnSignal = () => { };

        await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        AssertLeftToMailbox(host, "turn-1");
    }
}
