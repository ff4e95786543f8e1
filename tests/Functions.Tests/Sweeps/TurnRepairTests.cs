using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Sweeps;
using FunctionsBroker.Functions.Tests.Fast;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.Functions.Tests.Sweeps;

public sealed class TurnRepairTests : IAsyncDisposable
{
    private readonly InMemoryTurnStore _turns = new();
    private readonly FakeMailbox _mailbox = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 34, 30, TimeSpan.Zero));
    private readonly FakeFront _front;

    public TurnRepairTests() => _front = new FakeFront(_turns, new InMemoryHostStore(), _mailbox, new BrokerOptions { CallbackBaseUrl = new Uri("http://front.invalid/") }, lines: _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Sweep_OfAnInstanceThatHasJustBegun_FindsWhatWasLeftInTwoDays()
    {
        await LeaveAsync("old", TimeSpan.FromHours(47));
        await LeaveAsync("new", TimeSpan.FromMinutes(1));
        await LeaveAsync("on-its-way", TimeSpan.FromSeconds(10));

        await NewRepair().SweepAsync(_mailbox, Cancellation);

        Assert.Equal(["new", "old"], _mailbox.Tickets.Select(ticket => ticket.TurnId.Value).Order());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(62)]
    [InlineData(95)]
    [InlineData(150)]
    [InlineData(46 * 60)]
    public async Task Sweep_EachMinute_ComesByEveryTurnThatWasLeft(int minutes)
    {
        var repair = NewRepair();
        await repair.SweepAsync(_mailbox, Cancellation);
        await LeaveAsync("left", TimeSpan.FromMinutes(minutes));

        for (var minute = 0; minute < 47; minute++)
        {
            await repair.SweepAsync(_mailbox, Cancellation);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Contains(_mailbox.Tickets, ticket => ticket.TurnId.Value == "left");
    }

    [Theory]
    [InlineData(30, 6)]
    [InlineData(20 * 60, 2)]
    public async Task Sweep_EachMinute_LooksSeldomAtWhatWasLeftLongAgo(int minutes, int most)
    {
        var repair = NewRepair();
        await repair.SweepAsync(_mailbox, Cancellation);
        await LeaveAsync("left", TimeSpan.FromMinutes(minutes));

        for (var minute = 0; minute < 47; minute++)
        {
            await repair.SweepAsync(_mailbox, Cancellation);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_mailbox.Tickets.Count(ticket => ticket.TurnId.Value == "left"), 1, most);
    }

    [Fact]
    public async Task Sweep_BackgroundTurnWhoseReplyNobodySent_SendsItAndTellsNoMailbox()
    {
        var at = _time.GetUtcNow() - TimeSpan.FromMinutes(1);
        var turn = new TurnRecord
        {
            SessionId = SessionId.Parse("room"),
            TurnId = TurnId.Parse("background"),
            Status = TurnStatus.Completed,
            Origin = TurnOrigin.Background,
            BegunBy = TurnId.Parse("t1"),
            RequestHash = string.Empty,
            ReplyTo = "replies",
            Reply = new Reply { Text = "done", Transport = "stream-json" },
            Timings = new TurnTimings { CreatedAt = at, FinishedAt = at },
        };
        await _turns.AddEndedAsync(turn, "a task has ended", Cancellation);

        await NewRepair().SweepAsync(_mailbox, Cancellation);

        var reply = Assert.Single(_front.Replies);
        Assert.Equal(("done", TurnOrigin.Background, "t1"), (reply.Text, reply.Origin, reply.BegunBy));
        Assert.Empty(_mailbox.Tickets);
    }

    private TurnRepair NewRepair() => new(_turns, _front.Publisher, Options.Create(new BrokerOptions()), _time, NullLogger<TurnRepair>.Instance);

    private async Task LeaveAsync(string turn, TimeSpan age) =>
        await _turns.AddAsync(
            new TurnRecord
            {
                SessionId = SessionId.Parse(turn),
                TurnId = TurnId.Parse(turn),
                Status = TurnStatus.Queued,
                RequestHash = string.Empty,
                Timings = new TurnTimings { CreatedAt = _time.GetUtcNow() - age },
            },
            "hi",
            after: null,
            Cancellation);
}
