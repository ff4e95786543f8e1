using FunctionsBroker.Cli.Output;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Output;

public sealed class PartLogTests
{
    [Fact]
    public void Write_WithoutColours_PadsTheName()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var log = new PartLog(output, colours: false);

        log.Write("front", "one");
        log.Write("host-1", "two");
        log.Write("a-long-name", "three");

        Assert.Equal("front    | one\nhost-1   | two\na-long-name | three\n", output.ToString());
    }

    [Fact]
    public void Write_WithColours_GivesEachPartItsOwn()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var log = new PartLog(output, colours: true);

        log.Write("a", "1");
        log.Write("b", "2");
        log.Write("a", "3");

        var colours = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.IndexOf('m', StringComparison.Ordinal)]).ToList();
        Assert.Equal(colours[0], colours[2]);
        Assert.NotEqual(colours[0], colours[1]);
    }

    [Fact]
    public void KeepIn_SomePartsAreShown_TheFileHasAllAndTheOneBeforeIsKept()
    {
        using var temp = new TempDirectory();
        var path = temp.Combine("broker.log");
        foreach (var run in (string[])["first", "second", "third"])
        {
            using var output = new StringWriter { NewLine = "\n" };
            using var log = new PartLog(output, colours: true, part => part == "up");
            log.KeepIn(path);

            log.Write("front", run);
            log.Write("up", "stopping");

            Assert.Equal("\e[36mup       |\e[0m stopping\n", output.ToString());
        }

        Assert.Equal(["front    | third", "up       | stopping"], File.ReadAllLines(path));
        Assert.Equal("front    | second", File.ReadAllLines(path + ".1")[0]);
        Assert.Equal(2, Directory.GetFiles(temp.Path).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }
}
