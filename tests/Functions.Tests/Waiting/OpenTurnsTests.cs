using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Tests.Fast;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Waiting;

public sealed class OpenTurnsTests : IAsyncDisposable
{
    private readonly InMemoryTurnStore _turns = new();
    private readonly FakeMailbox _mailbox = new();
    private readonly BrokerOptions _options = new() { CallbackBaseUrl = new Uri("http://front.example/"), MaxOpenTurns = 3 };
    private readonly FakeFront _front;

    public OpenTurnsTests()
    {
        _options.Callers["acme"] = new CallerOptions { MaxOpenTurns = 1 };
        _front = new FakeFront(_turns, new InMemoryHostStore(), _mailbox, _options);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task Submit_MoreTurnsThanMayBeOpen_IsRefusedBeforeAnythingIsKept()
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            await _front.AcceptAsync(FakeFront.Submission("t", $"room-{number}"), Cancellation);
        }

        var refused = Assert.IsType<IntakeResult.Refused>(await _front.SubmitAsync(FakeFront.Submission("t", "room-3"), Cancellation));

        Assert.Equal((ProblemCodes.TooManyTurns, 429, 5), (refused.Problem.Code, refused.Problem.Status, refused.Problem.RetryAfterSeconds));
        Assert.Null(await _turns.FindAsync(SessionId.Parse("room-3"), TurnId.Parse("t"), Cancellation));
        Assert.Equal(3, _mailbox.Tickets.Count);
    }

    [Fact]
    public async Task Submit_TheSameTurnAgain_IsNeverRefused()
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            await _front.AcceptAsync(FakeFront.Submission("t", $"room-{number}"), Cancellation);
        }

        // It is kept, but another instance has taken it.
        _front.Open.Leave(SessionId.Parse("room-0"), TurnId.Parse("t"));
        await _front.AcceptAsync(FakeFront.Submission("t", "room-3"), Cancellation);

        await _front.AcceptAsync(FakeFront.Submission("t", "room-0"), Cancellation);
        await _front.AcceptAsync(FakeFront.Submission("t", "room-1"), Cancellation);
    }

    [Fact]
    public async Task Submit_TurnThatIsNotKept_TakesNoPlace()
    {
        await _front.AcceptAsync(FakeFront.Submission("t"), Cancellation);

        foreach (var text in new[] { "another", "one more", "and more", "still more" })
        {
            Assert.IsType<IntakeResult.Refused>(await _front.SubmitAsync(FakeFront.Submission("t") with { Prompt = text }, Cancellation));
            Assert.IsType<IntakeResult.Overtaken>(await _front.SubmitAsync(FakeFront.Submission(text.Replace(' ', '-')) with { Place = new TurnPlace(null) }, Cancellation));
        }

        await _front.AcceptAsync(FakeFront.Submission("u"), Cancellation);
        await _front.AcceptAsync(FakeFront.Submission("v"), Cancellation);
    }

    [Fact]
    public async Task Submit_TurnsThatHaveEndedUnheard_AreFoundInTheTable()
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            await _front.AcceptAsync(FakeFront.Submission("t", $"room-{number}"), Cancellation);
        }

        await EndAsync("room-1");

        await _front.AcceptAsync(FakeFront.Submission("t", "room-3"), Cancellation);
        Assert.IsType<IntakeResult.Refused>(await _front.SubmitAsync(FakeFront.Submission("t", "room-4"), Cancellation));
    }

    [Fact]
    public async Task Submit_CallerWithALimit_LeavesRoomForOthers()
    {
        var acme = FakeFront.Submission("t", "acme-1") with { Caller = "acme" };
        await _front.AcceptAsync(acme, Cancellation);

        var refused = Assert.IsType<IntakeResult.Refused>(await _front.SubmitAsync(acme with { SessionId = SessionId.Parse("acme-2") }, Cancellation));
        await _front.AcceptAsync(FakeFront.Submission("t", "room") with { Caller = "other" }, Cancellation);

        Assert.Equal("The caller 'acme' has 1 turns that have not ended, which is as many as it may have; send this one again when some have.", refused.Problem.Detail);
        _front.Open.Leave(acme.SessionId, acme.TurnId);
        await _front.AcceptAsync(acme with { SessionId = SessionId.Parse("acme-2") }, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_Message_WaitsForAPlace()
    {
        foreach (var number in Enumerable.Range(0, 3))
        {
            await _front.AcceptAsync(FakeFront.Submission("t", $"room-{number}"), Cancellation);
        }

        var waiting = _front.Intake.SubmitAsync(FakeFront.Submission("t", "room-3"), _mailbox, Cancellation, new StoragePatience(TimeProvider.System, NullLogger<StoragePatience>.Instance));
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        Assert.False(waiting.IsCompleted);

        // Who does not want to wait is not held up by it.
        Assert.IsType<IntakeResult.Refused>(await _front.SubmitAsync(FakeFront.Submission("u", "room-3"), Cancellation));

        _front.Open.Leave(SessionId.Parse("room-0"), TurnId.Parse("t"));

        Assert.IsType<IntakeResult.Accepted>(await waiting);
    }

    private async Task EndAsync(string session)
    {
        var found = (await _turns.FindAsync(SessionId.Parse(session), TurnId.Parse("t"), Cancellation))!;
        await _turns.UpdateAsync(found, found.Value with { Status = TurnStatus.Cancelled }, Cancellation);
    }
}
