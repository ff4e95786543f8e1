using System.Text;
using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.Tests.Processes;

public sealed class LineReaderTests
{
    private const int Cap = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Read_LinesOfAllLengths_ComeBackWholeHoweverTheyArrive(int chunk)
    {
        string[] lines = ["", "a", new string('b', 40_000), "c", new string('d', 99_000), "", "last"];

        var read = await ReadAllAsync(string.Join('\n', lines), chunk);

        Assert.Equal(lines, read.Select(line => Encoding.UTF8.GetString(line.Bytes.Span)));
        Assert.All(read, line => Assert.Equal(0, line.Dropped));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(100_000)]
    public async Task Read_LineOverTheCap_IsCutAndTheNextIsWhole(int chunk)
    {
        var read = await ReadAllAsync("one\n" + new string('x', 250_000) + "\ntwo\n", chunk);

        Assert.Equal(3, read.Count);
        Assert.Equal(250_000, read[1].Bytes.Length + read[1].Dropped);
        Assert.True(read[1].Dropped > 0);
        Assert.Equal("two", Encoding.UTF8.GetString(read[2].Bytes.Span));
    }

    [Fact]
    public async Task Read_EmptyStream_HasNoLine()
    {
        Assert.Empty(await ReadAllAsync("", 10));
    }

    private static async Task<List<CliLine>> ReadAllAsync(string text, int chunk)
    {
        using var stream = new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk);
        var reader = new LineReader(stream, Cap);
        List<CliLine> lines = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
