using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

public sealed class ContextUseTests
{
    private readonly ContextUse _use = new();

    [Fact]
    public void IsOver_BeforeAnythingIsKnown_IsFalse()
    {
        Assert.False(_use.IsOver(0.1));
        Assert.Equal(0, _use.Share);
    }

    [Fact]
    public void IsOver_AtTheThreshold_IsTrue()
    {
        Answer(800);

        Assert.True(_use.IsOver(0.8));
        Assert.False(_use.IsOver(0.81));
        Assert.Equal(0.8, _use.Share);
    }

    [Fact]
    public void IsOver_SummaryThatIsLongItself_WaitsUntilTheConversationHasGrown()
    {
        Answer(900);
        _use.Shortened();
        Assert.False(_use.IsOver(0.8));

        Answer(850);
        Assert.False(_use.IsOver(0.8));
        Answer(960);
        Assert.True(_use.IsOver(0.8));
    }

    private void Answer(long tokens)
    {
        _use.Accept(new CliMessage.Assistant("a", null, []) { ContextTokens = tokens });
        _use.Accept(new CliMessage.Result { IsError = false, ContextWindow = 1_000 });
    }
}
