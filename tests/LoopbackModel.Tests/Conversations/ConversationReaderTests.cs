using System.Text.Json;
using FunctionsBroker.LoopbackModel.Conversations;

namespace FunctionsBroker.LoopbackModel.Tests.Conversations;

public sealed class ConversationReaderTests
{
    [Fact]
    public void Read_MessagesOfTheCli_SeesOnlyWhatTheUserSaid()
    {
        var conversation = Read("""
            {"role":"user","content":[{"type":"text","text":"<system-reminder>\nrules\n</system-reminder>"},{"type":"text","text":"first"}]},
            {"role":"system","content":[{"type":"text","text":"# Environment","cache_control":{"type":"ephemeral"}}]},
            {"role":"assistant","content":[{"type":"text","text":"[1] first"}]},
            {"role":"user","content":"[Request interrupted by user]"},
            {"role":"user","content":[{"type":"text","text":"<command-name>/cost</command-name>"},{"type":"text","text":"second"}]},
            {"role":"assistant","content":[{"type":"text","text":"No response requested."}]},
            {"role":"user","content":"Continue from where you left off."},
            {"role":"user","content":"<system-reminder>a</system-reminder> third <system-reminder>b</system-reminder>"}
            """);

        Assert.Equal(["first", "second", "third"], conversation.Turns);
        Assert.Equal(8, conversation.MessageCount);
        Assert.Equal(RequestKind.Turn, conversation.Kind);
    }

    [Fact]
    public void Read_EarlierMessagesOfTheBroker_AreTurns()
    {
        var conversation = Read("""
            {"role":"user","content":"one"},
            {"role":"assistant","content":"[1] one"},
            {"role":"user","content":"<earlier-messages>\nwhat this is\n{\"user\":\"two\",\"assistant\":\"[2] two\"}\n</earlier-messages>\n\nthree"}
            """);

        Assert.Equal(["one", "two", "three"], conversation.Turns);
    }

    [Fact]
    public void Read_ToolResults_AreThoseSinceTheLastTurn()
    {
        var conversation = Read("""
            {"role":"user","content":"one"},
            {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"Read","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"old"}]},
            {"role":"assistant","content":"done"},
            {"role":"user","content":"two"},
            {"role":"assistant","content":[{"type":"tool_use","id":"b","name":"Bash","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"b","is_error":true,"content":[{"type":"text","text":"no"},{"type":"text","text":"way"}]}]}
            """);

        Assert.Equal([new ToolResult("Bash", "no\nway", IsError: true)], conversation.ToolResults);
        Assert.Equal(2, conversation.Turns.Count);
    }

    [Fact]
    public void Read_CutOffAnswer_SaysWhatWasSaid()
    {
        var conversation = Read("""
            {"role":"user","content":"go"},
            {"role":"assistant","content":[{"type":"text","text":"[1] half"}]},
            {"role":"user","content":"Output token limit hit. Resume directly, no apology."}
            """);

        Assert.True(conversation.Continues);
        Assert.Equal("[1] half", conversation.Said);
        Assert.Equal(["go"], conversation.Turns);
    }

    [Fact]
    public void Read_CompactedConversation_HasTheTurnsOfTheSummary()
    {
        var summary = CompactionText.Summarize(["first\nin two lines", "second"]);
        var text = JsonSerializer.Serialize($"This session is being continued from a previous conversation.\n{summary}\nGo on.");

        var conversation = Read($$"""{"role":"user","content":{{text}}}, {"role":"user","content":"third"}""");

        Assert.Equal(["first\nin two lines", "second", "third"], conversation.Turns);
    }

    [Fact]
    public void Read_SessionId_ComesFromTheHeaderThenTheMetadataThenThePrompt()
    {
        const string Message = """{"role":"user","content":"hi"}""";
        const string Metadata = """, "metadata":{"user_id":"{\"device_id\":\"d\",\"session_id\":\"from-metadata\"}"}""";

        Assert.Equal("from-header", Read(Message, Metadata, "from-header").Id);
        Assert.Equal("from-metadata", Read(Message, Metadata).Id);
        Assert.Equal("anonymous:hi", Read(Message, """, "metadata":{"user_id":"someone"}""").Id);
    }

    [Theory]
    [InlineData(""", "output_config":{"format":{"type":"json_schema"}}""")]
    [InlineData(""", "max_tokens":1""")]
    public void Read_RequestOfTheCliItself_IsASideRequest(string members) =>
        Assert.Equal(RequestKind.Side, Read("""{"role":"user","content":"hi"}""", members).Kind);

    [Theory]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"stranger","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""")]
    public void Read_NotAMessagesRequest_IsRefused(string body)
    {
        using var document = JsonDocument.Parse(body);

        Assert.Throws<FormatException>(() => ConversationReader.Read(document.RootElement, sessionId: null));
    }

    [Fact]
    public void Size_CacheMarkerMoves_TheSameTextWeighsTheSame()
    {
        const string Marked = """{"role":"user","content":[{"type":"text","text":"first","cache_control":{"type":"ephemeral"}}]}""";
        const string Plain = """{"role":"user","content":"first"}""";
        const string Rest = """, {"role":"assistant","content":[{"type":"text","text":"[1] first"}]}, {"role":"user","content":[{"type":"text","text":"second","cache_control":{"type":"ephemeral"}}]}""";

        var first = Read(Marked).Size;
        var second = Read(Plain + Rest).Size;

        Assert.True(first.Caches);
        Assert.Equal((0, 5), (first.Cached, first.New));
        Assert.Equal(first.New, second.Cached);
        Assert.Equal("[1] firstsecond".Length, second.New);
    }

    private static Conversation Read(string messages, string members = "", string? sessionId = null)
    {
        using var document = JsonDocument.Parse($$"""{"model":"m","messages":[{{messages}}]{{members}}}""");
        return ConversationReader.Read(document.RootElement, sessionId);
    }
}
