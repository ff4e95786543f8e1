using FunctionsBroker.LoopbackModel.Directives;

namespace FunctionsBroker.LoopbackModel.Tests.Directives;

public sealed class DirectiveParserTests
{
    [Fact]
    public void Split_PromptWithEveryKey_ReadsEachAndLeavesTheText()
    {
        var (text, directive) = DirectiveParser.Split(
            "hello {{model: delay=500ms chunk=20 chunkDelay=5ms status=529 retryAfter=2 times=3 drop=100 stall=30s ping=1s stop=maxTokens streamError=overloaded_error}} \n");

        Assert.Equal("hello", text);
        Assert.Equal(
            new Directive
            {
                Delay = TimeSpan.FromMilliseconds(500),
                Chunk = 20,
                ChunkDelay = TimeSpan.FromMilliseconds(5),
                Status = 529,
                RetryAfter = 2,
                Times = 3,
                Drop = new Drop.AfterBytes(100),
                Stall = TimeSpan.FromSeconds(30),
                Ping = TimeSpan.FromSeconds(1),
                Stop = "max_tokens",
                StreamError = "overloaded_error",
            },
            directive);
    }

    [Theory]
    [InlineData("no directive at all")]
    [InlineData("{{model: status=500}} is not at the end")]
    [InlineData("{{other: status=500}}")]
    public void Split_PromptWithoutTrailingDirective_IsLeftAsItIs(string prompt) =>
        Assert.Equal((prompt, Directive.None), DirectiveParser.Split(prompt));

    [Theory]
    [InlineData("speed=5")]
    [InlineData("delay")]
    [InlineData("delay=5")]
    [InlineData("delay=-5ms")]
    [InlineData("chunk=0")]
    [InlineData("status=200")]
    [InlineData("status=600")]
    [InlineData("drop=somewhere")]
    [InlineData("ping=0ms")]
    [InlineData("stop=never")]
    public void Parse_UnreadablePair_IsNamed(string pair)
    {
        var exception = Assert.Throws<FormatException>(() => DirectiveParser.Parse($"chunk=3 {pair}"));

        Assert.Contains($"'{pair}'", exception.Message, StringComparison.Ordinal);
    }
}
