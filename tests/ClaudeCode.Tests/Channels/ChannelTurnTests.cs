using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

public sealed class ChannelTurnTests
{
    private static readonly ChannelBounds s_bounds = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
    private static readonly TurnBounds s_limits = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(4));

    [Fact]
    public void After_NoSignOfArrival_IsDeliveredOnceMoreAndThenGivenUp()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(4.9).Happens(new ChannelNews.Passed()).IsWaiting();
        Assert.IsType<ChannelStep.DeliverAgain>(run.At(5).Happens(new ChannelNews.Passed()).Step);
        run.At(9.9).Happens(new ChannelNews.Passed()).IsWaiting();
        Assert.IsType<ChannelEnd.Undelivered>(run.At(10).Happens(new ChannelNews.Passed()).End);
        Assert.Equal(2, run.Turn.Deliveries);
    }

    [Fact]
    public void After_TypedPromptWithoutASign_IsNotTypedTwice()
    {
        var run = new TurnScript(s_bounds, s_limits, maxDeliveries: 1);

        Assert.IsType<ChannelEnd.Undelivered>(run.At(5).Happens(new ChannelNews.Passed()).End);
    }

    public static TheoryData<string> Signs => ["hook", "transcript", "reply"];

    [Theory]
    [MemberData(nameof(Signs))]
    public void After_AnySignOfArrival_IsNotDeliveredAgain(string sign)
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(4).Happens(sign switch
        {
            "hook" => new ChannelNews.Submitted("p1", IsMine: true),
            "transcript" => new ChannelNews.Read(new ChannelTrace { Lines = 1, PromptId = "p1" }),
            _ => new ChannelNews.Replied("text"),
        }).IsWaiting();

        Assert.True(run.Turn.HasArrived);
        run.At(20).Happens(new ChannelNews.Passed()).IsWaiting();
    }

    [Fact]
    public void After_StopBeforeTheFlush_AnswersOnceTheTranscriptAgrees()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(0.1).Happens(new ChannelNews.Submitted("p1", IsMine: true)).IsWaiting();
        run.At(1).Happens(new ChannelNews.Stopped("p1", "the answer")).IsWaiting();
        run.At(1.01).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 1, PromptId = "p1" })).IsWaiting();
        run.At(1.05).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = "p1", Answer = "the answer \n" }));

        Assert.Equal(new ChannelEnd.Answered("the answer \n"), run.End);
    }

    [Fact]
    public void After_StopThatTheTranscriptNeverConfirms_AnswersWithTheHooksTextAtTheBound()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(0.1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(1).Happens(new ChannelNews.Stopped("p1", "the answer"));
        run.At(1.1).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = "p1", Answer = "another" })).IsWaiting();
        run.At(2.9).Happens(new ChannelNews.Passed()).IsWaiting();
        run.At(3).Happens(new ChannelNews.Passed());

        Assert.Equal(new ChannelEnd.Answered("the answer"), run.End);
    }

    [Fact]
    public void After_HooksOfOtherTurns_NothingEnds()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(0.1).Happens(new ChannelNews.Stopped("earlier", "late")).IsWaiting();
        run.At(0.2).Happens(new ChannelNews.Submitted("p1", IsMine: true)).IsWaiting();
        run.At(0.3).Happens(new ChannelNews.Stopped("earlier", "late again")).IsWaiting();
        run.At(0.4).Happens(new ChannelNews.StopFailed("earlier", "rate_limit", "late")).IsWaiting();
        run.At(0.5).Happens(new ChannelNews.Stopped(null, "of nobody")).IsWaiting();
        run.At(0.6).Happens(new ChannelNews.Submitted("other", IsMine: false)).IsWaiting();
        run.At(0.7).Happens(new ChannelNews.Stopped("other", "not mine")).IsWaiting();
        run.At(9).Happens(new ChannelNews.Passed()).IsWaiting();
    }

    [Fact]
    public void After_StopThatOvertookItsPrompt_AnswersWhenThePromptIsTold()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, Answer = "yes" })).IsWaiting();
        run.At(1.1).Happens(new ChannelNews.Stopped("p1", "yes")).IsWaiting();
        run.At(1.2).Happens(new ChannelNews.Submitted("p1", IsMine: true));

        Assert.Equal(new ChannelEnd.Answered("yes"), run.End);
    }

    [Fact]
    public void After_StopWhosePromptHookWasLost_IsClaimedByTheTranscriptsPromptId()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Stopped("p1", "yes")).IsWaiting();
        run.At(1.1).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = "p1", Answer = "yes" }));

        Assert.Equal(new ChannelEnd.Answered("yes"), run.End);
    }

    [Fact]
    public void After_StopThatIsLost_AnswersFromTheTranscriptWhenTheTurnIsClosedThere()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(2).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = "p1", Answer = "yes" })).IsWaiting();
        run.At(2.2).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 3, PromptId = "p1", Answer = "yes", IsOver = true }));

        Assert.Equal(new ChannelEnd.Answered("yes"), run.End);
    }

    [Fact]
    public void After_StopThatIsLostAndNoClosingLine_AnswersWhenTheTranscriptHasBeenQuiet()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(2).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = "p1", Answer = "first" })).IsWaiting();
        run.At(4).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 3, PromptId = "p1", Answer = "second" })).IsWaiting();
        run.At(6.9).Happens(new ChannelNews.Passed()).IsWaiting();
        run.At(7).Happens(new ChannelNews.Passed());

        Assert.Equal(new ChannelEnd.Answered("second"), run.End);
    }

    [Fact]
    public void After_RepliesByTheTool_TheirTextIsTheAnswer()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(2).Happens(new ChannelNews.Replied("one")).IsWaiting();
        run.At(3).Happens(new ChannelNews.Replied("two")).IsWaiting();
        run.At(4).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 9, PromptId = "p1", Answer = "I have replied." })).IsWaiting();
        run.At(5).Happens(new ChannelNews.Stopped("p1", "I have replied."));

        Assert.Equal(new ChannelEnd.Answered("one\n\ntwo"), run.End);
    }

    [Fact]
    public void After_ErrorOfTheModel_FailsWithItsProblem()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(2).Happens(new ChannelNews.StopFailed("p1", "rate_limit", "slow down"));

        Assert.Equal(ProblemCodes.ModelRateLimited, Assert.IsType<ChannelEnd.Failed>(run.End).Problem.Code);
    }

    [Fact]
    public void After_TooLongWithoutASign_IsInterruptedAndThenStopped()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(40).Happens(new ChannelNews.Waiting()).IsWaiting();
        run.At(99).Happens(new ChannelNews.Passed()).IsWaiting();
        Assert.IsType<ChannelStep.Interrupt>(run.At(100).Happens(new ChannelNews.Passed()).Step);
        run.At(103).Happens(new ChannelNews.Passed()).IsWaiting();
        run.At(104).Happens(new ChannelNews.Passed());

        Assert.Equal(ProblemCodes.TurnTimedOut, Assert.IsType<ChannelEnd.Stuck>(run.End).Reason.Code);
    }

    [Fact]
    public void After_InterruptThatTheTranscriptShows_TheProcessGoesOn()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        Assert.IsType<ChannelStep.Interrupt>(run.At(2).Happens(new ChannelNews.StopAsked()).Step);
        run.At(2.1).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 3, PromptId = "p1", IsInterrupted = true }));

        Assert.Equal(ProblemCodes.Interrupted, Assert.IsType<ChannelEnd.Failed>(run.End).Problem.Code);
    }

    [Fact]
    public void After_InterruptThatCameTooLate_TheAnswerCounts()
    {
        var run = new TurnScript(s_bounds, s_limits);

        run.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        run.At(2).Happens(new ChannelNews.StopAsked());
        run.At(2.1).Happens(new ChannelNews.Stopped("p1", "done")).IsWaiting();
        run.At(2.2).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 3, PromptId = "p1", Answer = "done" }));

        Assert.Equal(new ChannelEnd.Answered("done"), run.End);
    }

    [Fact]
    public void After_ProcessThatEnds_TheTurnIsLostUnlessItsAnswerIsThere()
    {
        var lost = new TurnScript(s_bounds, s_limits);
        var answered = new TurnScript(s_bounds, s_limits);

        lost.At(1).Happens(new ChannelNews.Submitted("p1", IsMine: true));
        lost.At(2).Happens(new ChannelNews.ProcessEnded());
        answered.At(1).Happens(new ChannelNews.Read(new ChannelTrace { Lines = 2, PromptId = "p1", Answer = "done" }));
        answered.At(2).Happens(new ChannelNews.ProcessEnded());

        Assert.IsType<ChannelEnd.Lost>(lost.End);
        Assert.Equal(new ChannelEnd.Answered("done"), answered.End);
    }
}
