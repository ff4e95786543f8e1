using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>Turns that are given to their host ahead of their mailbox, and everything that can come in between.</summary>
public sealed partial class FastTurnTests : IAsyncDisposable
{
    private const long Epoch = 3;

    private static readonly SessionId s_session = SessionId.Parse("room");
    private static readonly TaskCompletionSource s_never = new();

    private readonly InMemoryTurnStore _turns = new();
    private readonly InMemoryHostStore _hosts = new();
    private readonly FakeMailbox _mailbox = new();
    private readonly List<IAsyncDisposable> _started = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task IdleSession_ItsTurn_RunsAtOnceAndIsHeardFromTheHost()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");

        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        var attempt = Assert.Single(accepted.Turn.Attempts);
        Assert.Equal((TurnStatus.Running, 1, "host-1", Epoch), (accepted.Turn.Status, attempt.Number, attempt.HostId, attempt.Epoch));
        var request = Assert.Single(host.Given);
        Assert.Equal(("turn-1", Epoch, 1), (request.TurnId, request.Epoch, request.Attempt));
        Assert.True(request.CallbackUnlessHeard);
        var ended = await accepted.Ended!;
        Assert.Equal("answer to turn-1", ended?.Reply?.Text);
        Assert.Equal(JsonSerializer.Serialize(await ReadAsync("turn-1")), JsonSerializer.Serialize(ended));
        Assert.Empty(_mailbox.Tickets);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task IdleSession_TurnAfterTurn_NeedsNoLookAtTheTable()
    {
        // Whoever waits looks once a second; here no second passes.
        var host = await AddHostAsync("host-1");
        var front = Front(waiting: new FakeTimeProvider());
        await AnsweredAsync("turn-0");
        await front.AskAsync(FakeFront.Submission("turn-1"));
        var looks = 0;
        _turns.OnFind = () => looks++;
        host.Work = Task.CompletedTask;

        for (var number = 2; number <= 10; number++)
        {
            Assert.Equal($"answer to turn-{number}", (await front.AskAsync(FakeFront.Submission($"turn-{number}"))).Reply?.Text);
        }

        // The one look of each turn is the fake host's own, for the row that it completes.
        Assert.Equal(9, looks);
        Assert.Empty(_mailbox.Tickets);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task NewSession_ItsTurn_IsLeftToTheMailbox()
    {
        var (front, host) = await StartAsync();

        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        Assert.Equal(TurnStatus.Queued, accepted.Turn.Status);
        AssertLeftToMailbox(host, "turn-1");
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(TurnStatus.Queued)]
    [InlineData(TurnStatus.Running)]
    [InlineData(TurnStatus.Failed)]
    [InlineData(TurnStatus.Cancelled)]
    [InlineData(TurnStatus.Expired)]
    public async Task SessionWhoseNewestTurnWasNotAnswered_ItsNextTurn_IsLeftToTheMailbox(TurnStatus status)
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0", status);

        await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        AssertLeftToMailbox(host, "turn-1");
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task TwoFronts_TurnsAtTheSameMoment_ExactlyOneGoesToTheHost()
    {
        var host = await AddHostAsync("host-1");
        host.Work = s_never.Task;
        for (var round = 0; round < 20; round++)
        {
            var (front, other) = (Front(), Front());
            await AnsweredAsync($"before-{round}");
            await Task.WhenAll(front.Heads.FindAsync(s_session, Cancellation), other.Heads.FindAsync(s_session, Cancellation));

            var accepted = await Task.WhenAll(
                front.AcceptAsync(FakeFront.Submission($"one-{round}"), Cancellation),
                other.AcceptAsync(FakeFront.Submission($"two-{round}"), Cancellation));

            Assert.Equal([TurnStatus.Queued, TurnStatus.Running], accepted.Select(turn => turn.Turn.Status).Order());
            Assert.Equal(round + 1, host.Given.Count);
            Assert.Equal(round + 1, _mailbox.Tickets.Count(ticket => ticket.Dispatched is null));
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task OtherFront_HasAddedTurnsSince_TheTableIsAskedAndTheTurnStillRunsAtOnce()
    {
        var (front, host) = await StartAsync();
        var other = Front();
        await AnsweredAsync("turn-0");

        for (var number = 1; number <= 6; number += 2)
        {
            await front.AskAsync(FakeFront.Submission($"turn-{number}"));
            await other.AskAsync(FakeFront.Submission($"turn-{number + 1}"));
        }

        Assert.Equal(6, host.Given.Count);
        Assert.Empty(_mailbox.Tickets);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task OtherFront_RunsATurnThatThisOneDoesNotKnow_TheNextIsQueuedBehindIt()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        await front.AskAsync(FakeFront.Submission("turn-1"));
        host.Work = s_never.Task;
        await Front().AcceptAsync(FakeFront.Submission("turn-2"), Cancellation);

        var queued = await front.AcceptAsync(FakeFront.Submission("turn-3"), Cancellation);

        Assert.Equal(TurnStatus.Queued, queued.Turn.Status);
        Assert.Null(_mailbox.Tickets.Last().Dispatched);
        Assert.Equal(["turn-1", "turn-2"], host.Given.Select(given => given.TurnId));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TurnsBehindAnother_TheirSubmissions_NameThoseThatHaveNotEnded(bool byOtherFronts)
    {
        var front = Front();
        foreach (var turn in (string[])["turn-0", "turn-1", "turn-2"])
        {
            await (byOtherFronts ? Front() : front).AcceptAsync(FakeFront.Submission(turn), Cancellation);
        }

        await EndAsync("turn-2");
        await front.AcceptAsync(FakeFront.Submission("turn-3"), Cancellation);

        Assert.Equal(["", "turn-0", "turn-0 turn-1", ""], _mailbox.Tickets.Select(ticket => string.Join(' ', ticket.OpenBefore?.Select(before => before.TurnId.Value) ?? [])));
        Assert.Equal(["turn-0", "turn-1"], (await ReadAsync("turn-2")).OpenBefore.Select(ticket => ticket.TurnId.Value));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task ManyTurnsAtTheSameMoment_OfTwoFronts_AreEachKeptBehindAllThatWereKeptBefore()
    {
        FakeFront[] fronts = [Front(), Front()];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => fronts[number % 2].AcceptAsync(FakeFront.Submission($"turn-{number}"), Cancellation)));

        // Nobody knows their order beforehand, but it is one order: each names all that came before it.
        var byPlace = _mailbox.Tickets.OrderBy(ticket => ticket.OpenBefore?.Count ?? 0).ToList();
        foreach (var (place, ticket) in byPlace.Index())
        {
            Assert.Equal(byPlace.Take(place).Select(before => before.TurnId), ticket.OpenBefore?.Select(before => before.TurnId) ?? []);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task ManyTurnsAtTheSameMoment_OfOneFront_AreKeptInTheOrderInWhichTheyCame()
    {
        var front = Front();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => front.AcceptAsync(FakeFront.Submission($"turn-{number}"), Cancellation)));

        var last = await ReadAsync("turn-19");
        Assert.Equal(Enumerable.Range(0, 19).Select(number => $"turn-{number}"), last.OpenBefore.Select(ticket => ticket.TurnId.Value));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SessionThatMovedToAnotherEpoch_ItsTurn_GoesWhereTheNewestTurnWasAnswered()
    {
        var (front, _) = await StartAsync();
        var second = await AddHostAsync("host-2");
        await AnsweredAsync("turn-0");
        await front.AskAsync(FakeFront.Submission("turn-1"));
        await AnsweredAsync("turn-2", hostId: "host-2", epoch: Epoch + 1);

        var ended = await front.AskAsync(FakeFront.Submission("turn-3"));

        Assert.Equal(("host-2", Epoch + 1), (ended.Attempts[0].HostId, ended.Attempts[0].Epoch));
        Assert.Single(second.Given);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task FrontThatGoesWhileTheTurnRuns_TheTurn_IsTheHostsAndTheMailboxKnows()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        var work = new TaskCompletionSource();
        host.Work = work.Task;
        var accepted = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        await front.DisposeAsync();

        Assert.Null(await accepted.Ended!);
        Assert.NotNull(Assert.Single(_mailbox.Tickets).Dispatched);
        work.SetResult();
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync("turn-1")).Status == TurnStatus.Completed, Cancellation);
        Assert.Equal("answer to turn-2", (await Front().AskAsync(FakeFront.Submission("turn-2"))).Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CallerWhoGoesOnceTheTurnIsKept_TheTurn_RunsAllTheSame()
    {
        var (front, host) = await StartAsync();
        await AnsweredAsync("turn-0");
        using var caller = new CancellationTokenSource();
        var silence = new TaskCompletionSource();
        host.Silence = silence.Task;
        var submitting = front.AcceptAsync(FakeFront.Submission("turn-1"), caller.Token);
        await Eventually.BecomesTrueAsync(() => host.Given.Count == 1, Cancellation);

        await caller.CancelAsync();
        silence.SetResult();

        Assert.Equal("answer to turn-1", (await (await submitting).Ended!)?.Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SameTurnAgain_WhileItRunsOrAfterIt_IsNotGivenToTheHostAgain()
    {
        var (front, host) = await StartAsync();
        var other = Front();
        await AnsweredAsync("turn-0");
        var work = new TaskCompletionSource();
        host.Work = work.Task;
        var first = await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);

        await front.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);
        await other.AcceptAsync(FakeFront.Submission("turn-1"), Cancellation);
        work.SetResult();
        await first.Ended!;
        var late = await front.AskAsync(FakeFront.Submission("turn-1"));
        var different = await front.SubmitAsync(FakeFront.Submission("turn-1") with { Prompt = "another" }, Cancellation);

        Assert.Equal("answer to turn-1", late.Reply?.Text);
        Assert.Equal(ProblemCodes.IdempotencyConflict, Assert.IsType<IntakeResult.Refused>(different).Problem.Code);
        Assert.Single(host.Given);
        Assert.Equal(2, _mailbox.Tickets.Count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }
    }

    private async Task<(FakeFront Front, FakeHost Host)> StartAsync(TimeSpan? patience = null) => (Front(patience), await AddHostAsync("host-1"));

    private FakeFront Front(TimeSpan? patience = null, TimeProvider? waiting = null, TimeProvider? lines = null)
    {
        // A busy machine may take its time to say yes; only silence is to be waited out.
        var front = new FakeFront(_turns, _hosts, _mailbox, new BrokerOptions { CallbackBaseUrl = new Uri("http://front.invalid/"), DispatchPatience = patience ?? TestTimeouts.Default }, waiting, lines);
        _started.Add(front);
        return front;
    }

    private async Task<FakeHost> AddHostAsync(string hostId)
    {
        var host = await FakeHost.StartAsync(_turns, hostId);
        _started.Add(host);
        await _hosts.SaveAsync(host.Record, Cancellation);
        return host;
    }

    /// <summary>A turn that went the slow way, through whichever front.</summary>
    private async Task AnsweredAsync(string turn, TurnStatus status = TurnStatus.Completed, string hostId = "host-1", long epoch = Epoch)
    {
        var now = TimeProvider.System.GetUtcNow();
        var queued = new TurnRecord
        {
            SessionId = s_session,
            TurnId = TurnId.Parse(turn),
            Status = TurnStatus.Queued,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = now },
        };
        var begun = TurnAttempts.Begin(queued, hostId, epoch, null, now);
        await _turns.AddAsync(
            begun with { Status = status, Attempts = [begun.Attempts[0] with { Outcome = AttemptOutcome.Completed }] },
            turn,
            Cancellation);
    }

    private async Task EndAsync(string turn)
    {
        var row = await _turns.FindAsync(s_session, TurnId.Parse(turn), Cancellation);
        var begun = row!.Value.Attempts.Count > 0 ? row.Value : TurnAttempts.Begin(row.Value, "host-1", Epoch, null, TimeProvider.System.GetUtcNow());
        var ended = begun with
        {
            Status = TurnStatus.Completed,
            Attempts = [.. begun.Attempts.Select(attempt => attempt with { Outcome = AttemptOutcome.Completed })],
        };
        await _turns.UpdateAsync(row, ended, Cancellation);
    }

    private async Task<TurnRecord> ReadAsync(string turn) =>
        (await _turns.FindAsync(s_session, TurnId.Parse(turn), Cancellation))!.Value;

    private void AssertLeftToMailbox(FakeHost host, string turn)
    {
        Assert.Empty(host.Given);
        var ticket = Assert.Single(_mailbox.Tickets);
        Assert.Equal((turn, null), (ticket.TurnId.Value, ticket.Dispatched));
    }
}
