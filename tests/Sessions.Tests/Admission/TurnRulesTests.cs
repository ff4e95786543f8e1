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
        var request = new SubmitTurnRequest { Prompt = "hello", Profile = "fast", ReplyTo = "team-replies", Metadata = metadata, OnBusy = "queue" };

        var valid = Assert.IsType<TurnValidation.Valid>(_rules.Check(request, "room:1", "turn-1")).Submission;

        Assert.Equal("room:1", valid.SessionId.Value);
        Assert.Equal("turn-1", valid.TurnId.Value);
        Assert.Equal("hello", valid.Prompt);
        Assert.Equal("fast", valid.Profile);
        Assert.Equal("team-replies", valid.ReplyTo);
        Assert.Equal("""{"thread":"42"}""", valid.Metadata?.GetRawText());
    }

    [Theory]
    [InlineData("a/b", "t", "hi", ProblemCodes.InvalidSessionId)]
    [InlineData(null, "t", "hi", ProblemCodes.InvalidSessionId)]
    [InlineData("s", "a b", "hi", ProblemCodes.InvalidTurnId)]
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

    [Theory]
    [InlineData("""{"prompt":"hi","attachments":[]}""")]
    [InlineData("""{"prompt":"hi","deadlineSeconds":5}""")]
    [InlineData("""{"prompt":"hi","onBusy":"interrupt"}""")]
    public void Check_OptionOfALaterVersion_IsRefusedNotIgnored(string json)
    {
        var request = JsonSerializer.Deserialize<SubmitTurnRequest>(json, JsonSerializerOptions.Web)!;

        AssertInvalid(ProblemCodes.UnsupportedOption, _rules.Check(request, "s", "t"));
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

    private static void AssertInvalid(string code, TurnValidation validation) =>
        Assert.Equal(code, Assert.IsType<TurnValidation.Invalid>(validation).Problem.Code);
}
