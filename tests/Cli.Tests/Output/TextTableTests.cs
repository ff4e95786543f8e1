using FunctionsBroker.Cli.Output;

namespace FunctionsBroker.Cli.Tests.Output;

public sealed class TextTableTests
{
    [Fact]
    public void WriteTo_RowsOfDifferentWidth_StandInColumns()
    {
        var table = new TextTable("ID", "NAME", "X");
        table.Add("a", "long name", null);
        table.Add("longer", "", "1");
        using var writer = new StringWriter { NewLine = "\n" };

        table.WriteTo(writer);

        Assert.Equal("ID      NAME       X\na       long name  -\nlonger  -          1\n", writer.ToString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("a\nb\u001b[31m", "a b [31m")]
    [InlineData("12345678901234567890123456789012345678901234567890", "12345678901234567890123456789012345678901234567890")]
    [InlineData("123456789012345678901234567890123456789012345678901", "12345678901234567890123456789012345678901234567890…")]
    public void Shorten_OfAnyText_IsOneSafeLine(string? text, string? expected)
    {
        Assert.Equal(expected, TextTable.Shorten(text));
    }
}
