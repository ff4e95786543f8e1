using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Events;

namespace FunctionsBroker.Functions.Tests.Events;

public sealed class TurnStoryTests
{
    private static readonly DateTimeOffset s_end = TurnRows.Began.AddMinutes(1);

    [Fact]
    public void Open_NewListener_IsToldThatTheTurnIsKept()
    {
        Assert.Equal([new NumberedEvent("a", new TurnEvent.Accepted(TurnRows.Began))], After(null).Open(TurnRows.Queued()));
    }

    [Fact]
    public void Open_ListenerThatComesBack_IsToldNothingAgain()
    {
        Assert.Empty(After("s1.run-7").Open(TurnRows.Queued()));
    }

    [Fact]
    public void Open_ListenerWithAnUnknownId_DropsWhatItShows()
    {
        Assert.IsType<TurnEvent.Reset>(Assert.Single(After("of-something-else").Open(TurnRows.Queued())).Event);
    }

    [Fact]
    public void Wait_SamePlace_IsToldOnce()
    {
        var story = After("a");

        Assert.Equal([new NumberedEvent("q2", new TurnEvent.Queued(2))], story.Wait(2));
        Assert.Empty(story.Wait(2));
        Assert.Equal([new NumberedEvent("q1", new TurnEvent.Queued(1))], story.Wait(1));
        Assert.Empty(After("q1").Wait(1));
    }

    [Fact]
    public void Wait_TurnThatHasRun_IsNotToldThatItWaits()
    {
        Assert.Empty(After("s1").Wait(1));
    }

    [Fact]
    public void Begin_FirstAttempt_IsTheStart()
    {
        Assert.Equal([new NumberedEvent("s1", new TurnEvent.Started(TurnRows.Began.AddSeconds(1)))], After("q1").Begin(Attempt(1)));
    }

    [Fact]
    public void Begin_SameAttemptAgain_IsToldOnce()
    {
        var story = After("s1.run-7");

        Assert.Empty(story.Begin(Attempt(1)));
        Assert.Equal("run-7", story.HostEventIdIn(Attempt(1)));
    }

    [Theory]
    [InlineData("s1")]
    [InlineData("s1.run-7")]
    public void Begin_AnotherAttempt_DropsWhatIsShownFirst(string lastId)
    {
        var story = After(lastId);

        var told = story.Begin(Attempt(2));

        Assert.Collection(
            told,
            first => Assert.IsType<TurnEvent.Reset>(first.Event),
            second => Assert.IsType<TurnEvent.Started>(second.Event));
        Assert.Equal(["r2", "s2"], told.Select(one => one.Id));
        Assert.Null(story.HostEventIdIn(Attempt(2)));
        Assert.Equal(["s2"], After("r2").Begin(Attempt(2)).Select(one => one.Id));
    }

    [Fact]
    public void Forward_WhatHappens_KeepsTheHostsIdInItsOwn()
    {
        var story = After("s2");

        Assert.Null(story.Forward(new NumberedEvent("run-1", new TurnEvent.Started(TurnRows.Began))));
        Assert.Equal(new NumberedEvent("s2.run-5", new TurnEvent.Delta("four")), story.Forward(new NumberedEvent("run-5", new TurnEvent.Delta("four"))));
        Assert.Equal("run-5", story.HostEventIdIn(Attempt(2)));
    }

    [Fact]
    public void Forward_Answer_IsTheLastEvent()
    {
        var story = After("s1.run-5");
        var completed = new TurnEvent.Completed(TurnRows.ReplyOf("four"));

        Assert.Equal(new NumberedEvent("end", completed), story.Forward(new NumberedEvent("run-6", completed)));
        Assert.True(story.HasEnded);
    }

    [Theory]
    [InlineData(null, "s1 started, t delta, end completed")]
    [InlineData("a", "s1 started, t delta, end completed")]
    [InlineData("s1", "t delta, end completed")]
    [InlineData("r2", "t delta, end completed")]
    [InlineData("s1.run-7", "x reset, t delta, end completed")]
    [InlineData("x", "t delta, end completed")]
    [InlineData("t", "end completed")]
    public void End_CompletedTurn_GivesTheWholeReplyOnce(string? lastId, string expected)
    {
        var turn = TurnRows.Queued().RunOn("host-1").Complete("four", s_end);

        var told = After(lastId).End(turn);

        Assert.Equal(expected, string.Join(", ", told.Select(one => $"{one.Id} {TurnEventJson.NameOf(one.Event)}")));
        Assert.Equal(turn.Reply, Assert.IsType<TurnEvent.Completed>(told[^1].Event).Reply);
        Assert.All(told, one => Assert.True(one.Event is not TurnEvent.Delta || one.Event == new TurnEvent.Delta("four")));
    }

    [Fact]
    public void End_ReplyWithoutText_HasNoPieceOfIt()
    {
        var told = After("s1").End(TurnRows.Queued().RunOn("host-1").Complete(string.Empty, s_end));

        Assert.IsType<TurnEvent.Completed>(Assert.Single(told).Event);
    }

    [Theory]
    [InlineData(TurnStatus.Failed, AttemptOutcome.Failed)]
    [InlineData(TurnStatus.Cancelled, AttemptOutcome.Cancelled)]
    [InlineData(TurnStatus.Expired, AttemptOutcome.Failed)]
    public void End_TurnWithoutReply_SaysHowItEnded(TurnStatus status, AttemptOutcome outcome)
    {
        var problem = ProblemCatalogue.TurnTimedOut(TimeSpan.FromMinutes(1));

        var told = After("q1").End(TurnRows.Queued().End(status, problem));

        Assert.Equal(new TurnEvent.Failed(outcome, problem) { Status = status }, Assert.Single(told).Event);
    }

    [Fact]
    public void Vanish_DeletedTurn_EndsTheStream()
    {
        var story = After("q1");

        Assert.Equal(ProblemCodes.TurnNotFound, Assert.IsType<TurnEvent.Failed>(story.Vanish().Event).Problem.Code);
        Assert.True(story.HasEnded);
    }

    private static TurnStory After(string? lastId) => new(EventCursor.Parse(lastId));

    private static TurnAttempt Attempt(int number)
    {
        var turn = TurnRows.Queued();
        for (var attempt = 0; attempt < number; attempt++)
        {
            turn = turn.RunOn("host-1");
        }

        return turn.Attempts[^1];
    }
}
