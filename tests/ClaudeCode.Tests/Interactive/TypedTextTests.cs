using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class TypedTextTests
{
    [Theory]
    [InlineData("two words", "two words")]
    [InlineData("  two words ", "  two words ")]
    [InlineData("こんにちは", "こんにちは")]
    [InlineData("!touch x", TypedText.Label + "!touch x")]
    [InlineData(" /cost", TypedText.Label + " /cost")]
    [InlineData("\n\u200b/cost", TypedText.Label + "\n\u200b/cost")]
    [InlineData("# memo", TypedText.Label + "# memo")]
    [InlineData("exit", TypedText.Label + "exit")]
    [InlineData(" :q\n", TypedText.Label + " :q\n")]
    [InlineData("", TypedText.Label)]
    [InlineData("ends with \\", "ends with \\ ")]
    [InlineData("look into @/etc/", "look into @/etc/ ")]
    [InlineData("@/etc/ is it", TypedText.Label + "@/etc/ is it")]
    [InlineData("a\u001b[201~\r!touch x", "a[201~\n!touch x")]
    [InlineData("a\u0003\u0004\0\u009b b\r\nc\td", "a b\nc\td")]
    public void Harmless_Hazard_IsClosed(string prompt, string typed)
    {
        Assert.Equal(typed, TypedText.Harmless(prompt));
    }

    [Fact]
    public void Paste_AnyText_HasNoKeysInIt() => Check.QuickThrowOnFailure(Prop.ForAll<string>(prompt =>
    {
        var paste = TypedText.Paste(prompt ?? "");
        var inside = paste[6..^6];

        return paste.StartsWith("\u001b[200~", StringComparison.Ordinal)
            && paste.EndsWith("\u001b[201~", StringComparison.Ordinal)
            && !inside.Any(character => char.IsControl(character) && character is not ('\n' or '\t'))
            && char.IsLetterOrDigit(inside.TrimStart()[0])
            && !inside.EndsWith('\\');
    }));
}
