using FunctionsBroker.Cli.Output;

namespace FunctionsBroker.Cli.Tests.Output;

public sealed class PartLogTests
{
    [Fact]
    public void Write_WithoutColours_PadsTheName()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var log = new PartLog(output, colours: false);

        log.Write("front", "one");
        log.Write("host-1", "two");
        log.Write("a-long-name", "three");

        Assert.Equal("front    | one\nhost-1   | two\na-long-name | three\n", output.ToString());
    }

    [Fact]
    public void Write_WithColours_GivesEachPartItsOwn()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var log = new PartLog(output, colours: true);

        log.Write("a", "1");
        log.Write("b", "2");
        log.Write("a", "3");

        var colours = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.IndexOf('m', StringComparison.Ordinal)]).ToList();
        Assert.Equal(colours[0], colours[2]);
        Assert.NotEqual(colours[0], colours[1]);
    }
}
