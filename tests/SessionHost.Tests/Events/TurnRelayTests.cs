using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Events;

namespace FunctionsBroker.SessionHost.Tests.Events;

public sealed class TurnRelayTests
{
    private static readonly TurnEvent s_answered = new TurnEvent.Completed(new Reply { Text = "hello", Transport = "stream-json" });

    private readonly TurnRelay _relay = new(new PermissionPolicy(Relayed: false, TimeSpan.Zero), maxLogBytes: 4096, _ => { }, TimeProvider.System);

    [Fact]
    public void End_AnswerThatCameInNoPieces_IsToldBeforeTheEnd()
    {
        _relay.End(s_answered);

        Assert.Equal([new TurnEvent.Delta("hello"), s_answered], Told());
    }

    [Fact]
    public void End_AnswerThatCameInNoPiecesAfterAReset_IsToldBeforeTheEnd()
    {
        _relay.Observe(new TurnProgress.TextDelta("hel"));
        _relay.Observe(new TurnProgress.Reset("The process died."));
        _relay.End(s_answered);

        Assert.Equal([new TurnEvent.Reset("The process died."), new TurnEvent.Delta("hello"), s_answered], Told());
    }

    [Theory]
    [InlineData("hello", 5)]
    [InlineData("hello and more", 5)]
    [InlineData("other", 0)]
    public void End_AnswerThatCameInPieces_IsNotToldAgain(string first, int kept)
    {
        _relay.Observe(new TurnProgress.TextDelta(first));
        _relay.Observe(new TurnProgress.Reset("It differs.", kept));
        _relay.Observe(new TurnProgress.TextDelta("hello"[kept..]));
        _relay.End(s_answered);

        Assert.Equal([new TurnEvent.Reset("It differs."), new TurnEvent.Delta("hello"), s_answered], Told());
    }

    [Fact]
    public void End_TurnThatFailed_TellsNoText()
    {
        var failed = new TurnEvent.Failed(AttemptOutcome.Failed, ProblemCatalogue.Interrupted());

        _relay.End(failed);

        Assert.Equal([failed], Told());
    }

    // As somebody hears it who had heard of the beginning, and comes back when all is over.
    private List<TurnEvent> Told()
    {
        List<TurnEvent> told = [];
        for (var position = 1L; _relay.Log.Read(position) is var (next, end); position = end)
        {
            told.Add(next);
        }

        return [.. told.Where(next => next is not TurnEvent.Started)];
    }
}
