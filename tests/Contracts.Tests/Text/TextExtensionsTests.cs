using FunctionsBroker.Contracts.Text;

namespace FunctionsBroker.Contracts.Tests.Text;

public sealed class TextExtensionsTests
{
    [Theory]
    [InlineData("", 3, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("ab\U0001F433", 3, "ab")]
    [InlineData("a\U0001F433b", 3, "a\U0001F433")]
    public void Truncate_Text_KeepsWholeCharacters(string text, int maxLength, string kept) => Assert.Equal(kept, text.Truncate(maxLength));
}
