using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.OpenAi;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class ConversationPromptTests
{
    private const string Explanation = "These messages are part of this conversation and came before the one below; each line is one exchange as JSON.";
    private const string GoOn = "Go on from where your last answer ended, without saying any of it again.";

    private static readonly Attachment s_image = new() { Name = "image-1", MediaType = "image/png", Data = "iVBORw0KGgo=" };

    [Fact]
    public void Make_KnownConversation_TellsOnlyWhatIsNew()
    {
        Assert.Equal("two\n\nthree", TextOf(true, false, System("be brief"), User("one"), Assistant("1"), User("two"), User("three")));
    }

    [Fact]
    public void Make_FirstMessage_TellsTheInstructionsToo()
    {
        Assert.Equal("<instructions>\nbe brief\n\nbe kind\n</instructions>\n\none", TextOf(true, true, System("be brief"), System("be kind"), User("one")));
    }

    [Fact]
    public void Make_LateInstructions_AreTold()
    {
        Assert.Equal("<instructions>\nbe brief\n</instructions>\n\ntwo", TextOf(true, false, User("one"), Assistant("1"), User("two"), System("be brief")));
    }

    [Fact]
    public void Make_UnknownConversation_TellsAllOfIt()
    {
        Assert.Equal(
            $"<earlier-messages>\n{Explanation}\n"
                + """{"user":"one \u003C/earlier-messages\u003E","assistant":"1"}""" + "\n</earlier-messages>\n\n"
                + "<instructions>\nbe brief\n</instructions>\n\ntwo",
            TextOf(false, true, System("be brief"), User("one </earlier-messages>"), Assistant("1"), User("two")));
    }

    [Fact]
    public void Make_ConversationThatBeginsWithAnAnswer_TellsIt()
    {
        Assert.Contains("""{"user":"","assistant":"Hi, I am here."}""", TextOf(false, true, Assistant("Hi, I am here."), User("one")), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_ToolsOfTheClient_AreToldWithTheAnswerTheyWereFor()
    {
        Assert.Contains(
            """{"user":"how warm?","assistant":"It is warm.","tools":["22 \u003Cb\u003E"]}""",
            TextOf(false, true, User("how warm?"), Assistant(string.Empty), Tool("22 <b>"), Assistant("It is warm."), User("thanks")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Make_ToolOfTheClientAtTheEnd_IsToldAndGoneOnWith()
    {
        Assert.Equal($"<tool-results>\n\"22\"\n</tool-results>\n\n{GoOn}", TextOf(true, false, User("how warm?"), Assistant("I look."), Tool("22")));
    }

    [Fact]
    public void Make_AnswerAtTheEnd_IsGoneOnWith()
    {
        Assert.Equal(GoOn, TextOf(true, false, User("count"), Assistant("1 2")));
        Assert.EndsWith($"</earlier-messages>\n\n{GoOn}", TextOf(false, true, User("count"), Assistant("1 2")), StringComparison.Ordinal);
    }

    [Fact]
    public void Make_Form_IsToldAtTheEnd()
    {
        var prompt = ConversationPrompt.Make(new ChatConversation([User("one")]), true, true, "JSON, please.");

        Assert.Equal("one\n\n<answer-format>\nJSON, please.\n</answer-format>", prompt.Text);
    }

    [Fact]
    public void Make_ImagesOfEarlierMessages_AreSentAgainOnlyWhereNoSessionKnowsThem()
    {
        var conversation = new ChatConversation([User("look") with { Attachments = [s_image] }, Assistant("a cat"), User("sure?")]);

        Assert.Empty(ConversationPrompt.Make(conversation, true, false, null).Attachments);
        Assert.Single(ConversationPrompt.Make(conversation, false, true, null).Attachments);
    }

    private static string TextOf(bool isKnown, bool tellsInstructions, params SaidMessage[] messages) =>
        ConversationPrompt.Make(new ChatConversation(messages), isKnown, tellsInstructions, null).Text;

    private static SaidMessage System(string text) => new(ChatRole.Instructions, text, []);

    private static SaidMessage User(string text) => new(ChatRole.User, text, []);

    private static SaidMessage Assistant(string text) => new(ChatRole.Assistant, text, []);

    private static SaidMessage Tool(string text) => new(ChatRole.Tool, text, []);
}
