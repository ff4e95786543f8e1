using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Admission;

namespace FunctionsBroker.Sessions.Tests.Admission;

public sealed class TurnRulesTests
{
    private readonly TurnRules _rules = new([QueueNames.Replies, "team-replies"]);

    [Fact]
    public void Check_GoodRequest_KeepsEveryPart()
    {
        var metadata = JsonElement.Parse("""{"thread":"42"}""");
        var request = new SubmitTurnRequest { Prompt = "hello", Profile = "fast", ReplyTo = "team-replies", Metadata = metadata, OnBusy = "interrupt", DeadlineSeconds = 90 };

        var valid = Assert.IsType<TurnValidation.Valid>(_rules.Check(request, "room:1", "turn-1")).Submission;

        Assert.Equal("room:1", valid.SessionId.Value);
        Assert.Equal("turn-1", valid.TurnId.Value);
        Assert.Equal("hello", valid.Prompt);
        Assert.Equal("fast", valid.Profile);
        Assert.Equal("team-replies", valid.ReplyTo);
        Assert.Equal("""{"thread":"42"}""", valid.Metadata?.GetRawText());
        Assert.Equal(OnBusy.Interrupt, valid.OnBusy);
        Assert.Equal(TimeSpan.FromSeconds(90), valid.Deadline);
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Check_MessageWithATrace_KeepsItIfItIsOne(string? trace, bool kept)
    {
        var message = new TurnMessage { TurnId = "t", SessionId = "s", Prompt = "hi", TraceParent = trace };

        var valid = Assert.IsType<TurnValidation.Valid>(_rules.Check(message)).Submission;

        Assert.Equal(kept ? trace : null, valid.TraceParent);
    }

    [Theory]
    [InlineData(null, OnBusy.Queue)]
    [InlineData("queue", OnBusy.Queue)]
    [InlineData("interrupt", OnBusy.Interrupt)]
    [InlineData("reject", OnBusy.Reject)]
    public void Check_OnBusy_IsReadByItsWireName(string? text, OnBusy expected)
    {
        var valid = Assert.IsType<TurnValidation.Valid>(_rules.Check(new SubmitTurnRequest { Prompt = "hi", OnBusy = text }, "s", "t"));

        Assert.Equal(expected, valid.Submission.OnBusy);
        Assert.Null(valid.Submission.Deadline);
    }

    [Theory]
    [InlineData("Queue")]
    [InlineData("")]
    [InlineData("drop")]
    public void Check_OtherOnBusy_IsRefused(string text)
    {
        AssertInvalid(ProblemCodes.InvalidRequest, _rules.Check(new SubmitTurnRequest { Prompt = "hi", OnBusy = text }, "s", "t"));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(TurnLimits.MaxDeadlineSeconds, true)]
    [InlineData(0, false)]
    [InlineData(-5, false)]
    [InlineData(TurnLimits.MaxDeadlineSeconds + 1, false)]
    public void Check_Deadline_EndsAtItsLimits(int seconds, bool valid)
    {
        var checkedRequest = _rules.Check(new SubmitTurnRequest { Prompt = "hi", DeadlineSeconds = seconds }, "s", "t");

        Assert.Equal(valid, checkedRequest is TurnValidation.Valid);
    }

    [Theory]
    [InlineData("..", "t", "hi", ProblemCodes.InvalidSessionId)]
    [InlineData(null, "t", "hi", ProblemCodes.InvalidSessionId)]
    [InlineData("s", " a", "hi", ProblemCodes.InvalidTurnId)]
    [InlineData("s", "", "hi", ProblemCodes.InvalidTurnId)]
    [InlineData("s", "t", null, ProblemCodes.PromptEmpty)]
    [InlineData("s", "t", "", ProblemCodes.PromptEmpty)]
    [InlineData("s", "t", " \n\t ", ProblemCodes.PromptEmpty)]
    public void Check_BadPart_NamesIt(string? session, string turn, string? prompt, string code)
    {
        AssertInvalid(code, _rules.Check(new SubmitTurnRequest { Prompt = prompt }, session, turn));
    }

    [Fact]
    public void Check_PromptSize_EndsAtItsLimitInBytes()
    {
        var most = new string('é', TurnLimits.MaxPromptBytes / 2);

        Assert.IsType<TurnValidation.Valid>(_rules.Check(new SubmitTurnRequest { Prompt = most }, "s", "t"));
        AssertInvalid(ProblemCodes.PromptTooLarge, _rules.Check(new SubmitTurnRequest { Prompt = most + "x" }, "s", "t"));
    }

    [Fact]
    public void Check_Attachments_AreTakenAlongByHttpAndByQueue()
    {
        Attachment[] attachments = [new() { Name = "a.txt", MediaType = "text/plain", Data = "aGk=" }];

        var asked = Assert.IsType<TurnValidation.Valid>(_rules.Check(new SubmitTurnRequest { Prompt = "hi", Attachments = attachments }, "s", "t"));
        var sent = Assert.IsType<TurnValidation.Valid>(_rules.Check(new TurnMessage { TurnId = "t", SessionId = "s", Prompt = "hi", Attachments = attachments }));

        Assert.Equal(attachments, asked.Submission.Attachments?.Attachments);
        Assert.Equal(asked.Submission.Attachments?.Id, sent.Submission.Attachments?.Id);
    }

    [Fact]
    public void Check_NoAttachments_IsNoSet()
    {
        Assert.Null(Assert.IsType<TurnValidation.Valid>(_rules.Check(new SubmitTurnRequest { Prompt = "hi", Attachments = [] }, "s", "t")).Submission.Attachments);
    }

    [Fact]
    public void Check_AttachmentThatIsNotWhatItSays_IsRefused()
    {
        Attachment[] attachments = [new() { Name = "a.png", MediaType = "image/png", Data = "aGk=" }];

        AssertInvalid(ProblemCodes.AttachmentRejected, _rules.Check(new SubmitTurnRequest { Prompt = "hi", Attachments = attachments }, "s", "t"));
    }

    [Fact]
    public void Check_OtherReplyQueue_IsRefused()
    {
        AssertInvalid(ProblemCodes.ReplyQueueNotAllowed, _rules.Check(new SubmitTurnRequest { Prompt = "hi", ReplyTo = "turns" }, "s", "t"));
    }

    [Fact]
    public void Check_HugeMetadata_IsRefused()
    {
        var metadata = JsonElement.Parse(JsonSerializer.Serialize(new string('x', TurnLimits.MaxMetadataLength)));

        AssertInvalid(ProblemCodes.InvalidRequest, _rules.Check(new SubmitTurnRequest { Prompt = "hi", Metadata = metadata }, "s", "t"));
    }

    [Fact]
    public void Check_MessageWithoutReplyTo_RepliesToTheDefaultQueue()
    {
        var message = new TurnMessage { SessionId = "s", TurnId = "t", Prompt = "hi" };

        Assert.Equal(QueueNames.Replies, Assert.IsType<TurnValidation.Valid>(_rules.Check(message)).Submission.ReplyTo);
    }

    [Fact]
    public void Check_MessageWithOptions_KeepsThem()
    {
        var message = new TurnMessage { SessionId = "s", TurnId = "t", Prompt = "hi", OnBusy = "reject", DeadlineSeconds = 5 };

        var submission = Assert.IsType<TurnValidation.Valid>(_rules.Check(message)).Submission;

        Assert.Equal(OnBusy.Reject, submission.OnBusy);
        Assert.Equal(TimeSpan.FromSeconds(5), submission.Deadline);
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("")]
    [InlineData("x")]
    public void Check_MessageOfAnotherVersion_IsRefused(string version)
    {
        AssertInvalid(ProblemCodes.InvalidMessage, _rules.Check(new TurnMessage { SpecVersion = version, SessionId = "s", TurnId = "t", Prompt = "hi" }));
    }

    [Fact]
    public void Check_MessageWithoutTurnId_IsRefused()
    {
        AssertInvalid(ProblemCodes.InvalidMessage, _rules.Check(new TurnMessage { SessionId = "s", Prompt = "hi" }));
    }

    [Theory]
    [InlineData("clear", "", ConversationCommand.Clear)]
    [InlineData("clear", "hello", ConversationCommand.Clear)]
    [InlineData("compact", null, ConversationCommand.Compact)]
    public void Check_Command_NeedsNoPrompt(string command, string? prompt, ConversationCommand expected)
    {
        var asked = Assert.IsType<TurnValidation.Valid>(_rules.Check(new SubmitTurnRequest { Command = command, Prompt = prompt }, "s", "t")).Submission;
        var sent = Assert.IsType<TurnValidation.Valid>(_rules.Check(new TurnMessage { TurnId = "t", SessionId = "s", Command = command, Prompt = prompt })).Submission;

        Assert.Equal((expected, prompt ?? string.Empty), (asked.Command, asked.Prompt));
        Assert.Equal(expected, sent.Command);
        Assert.NotEqual(RequestHash.Of(asked), RequestHash.Of(asked with { Command = null }));
    }

    [Theory]
    [InlineData("Clear", null, ProblemCodes.InvalidRequest)]
    [InlineData("", null, ProblemCodes.InvalidRequest)]
    [InlineData("compact", "hello", ProblemCodes.InvalidRequest)]
    [InlineData("clear", " ", ProblemCodes.PromptEmpty)]
    [InlineData(null, null, ProblemCodes.PromptEmpty)]
    public void Check_CommandThatCannotBe_IsAProblem(string? command, string? prompt, string code)
    {
        AssertInvalid(code, _rules.Check(new SubmitTurnRequest { Command = command, Prompt = prompt }, "s", "t"));
    }

    private static void AssertInvalid(string code, TurnValidation validation) =>
        Assert.Equal(code, Assert.IsType<TurnValidation.Invalid>(validation).Problem.Code);
}
