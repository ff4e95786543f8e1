using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class TerminalScreenTests
{
    [Theory]
    [InlineData("plain\r\ntext", "plain\ntext")]
    [InlineData("\u001b[12GName\u001b[24G\u001b[22m\u001b[38;5;246mv1", "           Name        v1")]
    [InlineData("one\r\u001b[2Btwo\r\u001b[1Afour", "one\nfour\ntwo")]
    [InlineData("a\u001b[3Cb", "a   b")]
    [InlineData("abc\u001b[2;3Hx\u001b[Hy", "ybc\n  x")]
    [InlineData("gone\u001b[2J\u001b[Hhere", "here")]
    [InlineData("abcdef\u001b[3D\u001b[K", "abc")]
    [InlineData("\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\b", "ab")]
    [InlineData("\u001b[?1049h\u001b[?2026$p\u001b[>4;2ma", "a")]
    [InlineData("\u001b7abc\u001b8x", "xbc")]
    [InlineData("a\bb\a", "b")]
    [InlineData("a\tb", "a       b")]
    public void Text_Painted_IsWhatAPersonSees(string output, string seen)
    {
        Assert.Equal(seen, Paint(output).Text);
    }

    [Fact]
    public void Text_CutAnywhere_IsTheSame()
    {
        var output = Encoding.UTF8.GetBytes("❯\u001b[5G1. Ja, größer\r\n\u001b]0;t\u0007\u001b[31mrot");
        for (var cut = 1; cut < output.Length; cut++)
        {
            var screen = new TerminalScreen();
            screen.Write(output.AsSpan(..cut));
            screen.Write(output.AsSpan(cut..));

            Assert.Equal("❯   1. Ja, größer\nrot", screen.Text);
        }
    }

    [Fact]
    public void Text_MoreLinesThanRows_ShowsTheLast()
    {
        var screen = Paint(string.Concat(Enumerable.Range(1, 1_000).Select(line => $"line {line}\r\n")));

        Assert.EndsWith("line 1000", screen.Text, StringComparison.Ordinal);
        Assert.Equal(TerminalScreen.Rows - 1, screen.Text.Split('\n').Length);
    }

    [Fact]
    public async Task Changed_Written_Ends()
    {
        var screen = new TerminalScreen();
        var changed = screen.Changed;

        Assert.False(changed.IsCompleted);
        screen.Write("x"u8);
        await changed.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(screen.Changed.IsCompleted);
    }

    [Fact]
    public void Write_AnyBytes_NeitherFailsNorGrows() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
    {
        var screen = new TerminalScreen();
        screen.Write("\u001b["u8);
        screen.Write(bytes);
        screen.Write("\u001b[999999999999;5H\u001b[99X\u001b[200Cx"u8);
        return screen.Text.Length <= TerminalScreen.Rows * (TerminalScreen.Columns + 1);
    }));

    private static TerminalScreen Paint(string output)
    {
        var screen = new TerminalScreen();
        screen.Write(Encoding.UTF8.GetBytes(output));
        return screen;
    }
}
