using FunctionsBroker.ClaudeCode.Channels;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

public sealed class ChannelMarkTests
{
    [Theory]
    [InlineData("""<channel source="broker" turn_id="t1">hello</channel>""", true)]
    [InlineData("""<channel source="broker" turn_id="t0">a</channel> <channel source="broker" turn_id="t1">b</channel>""", true)]
    [InlineData("""<channel source="broker" turn_id="t12">hello</channel>""", false)]
    [InlineData("""turn_id="t1" """, false)]
    [InlineData("hello", false)]
    public void IsIn_PushedPrompt_IsKnownByItsTurnsId(string prompt, bool mine) =>
        Assert.Equal(mine, ChannelMark.Pushed("t1").IsIn(prompt));

    [Theory]
    [InlineData("what is it,\n\tCarl?", true)]
    [InlineData("what is it,\n    Carl?", true)]
    [InlineData("\n\n<pasted_content id=\"6ac3\">\nwhat is it,\n    Carl?\n</pasted_content id=\"6ac3\">\n", true)]
    [InlineData("what is it, Karl?", false)]
    public void IsIn_TypedPrompt_IsKnownWhateverBecameOfItsWhiteSpace(string prompt, bool mine) =>
        Assert.Equal(mine, ChannelMark.Typed("t1", "what is it,\r\n\tCarl?").IsIn(prompt));

    [Theory]
    [InlineData("???", "Message:\n???", true)]
    [InlineData("???", "hello", false)]
    [InlineData("👍 👍", "Message:\n👍  👍", true)]
    [InlineData("👍", "👎", false)]
    [InlineData("\u200b", "anything", false)]
    public void IsIn_TypedPromptWithoutLettersOrDigits_IsKnownByItsSigns(string typed, string prompt, bool mine) =>
        Assert.Equal(mine, ChannelMark.Typed("t1", typed).IsIn(prompt));

    [Fact]
    public void IsIn_LongTypedPrompt_IsKnownByItsBeginning()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000));

        Assert.True(ChannelMark.Typed("t1", text).IsIn(text));
        Assert.True(ChannelMark.Typed("t1", text).IsIn(text[..5000]));
        Assert.False(ChannelMark.Typed("t1", text).IsIn(text[5000..]));
    }
}
