using System.Globalization;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Transcripts;

public sealed class TranscriptHistoryTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private Transcript Transcript => new(_folder.Combine("t.jsonl"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task Read_PageAfterPage_GivesEveryMessageOnceNewestFirst(int limit)
    {
        await WriteAsync(100, padding: 3_000);

        List<HistoryEntry> all = [];
        string? next = null;
        do
        {
            var page = await TranscriptHistory.ReadAsync(Transcript, next is null ? null : long.Parse(next, CultureInfo.InvariantCulture), limit, Cancellation);
            Assert.InRange(page.Entries.Count, 0, limit);
            all.AddRange(page.Entries);
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(200, all.Count);
        Assert.Equal(Enumerable.Range(0, 100).Reverse(), all.Where(entry => entry.Role == "user").Select(entry => int.Parse(entry.Text.Split(' ')[1], CultureInfo.InvariantCulture)));
        Assert.Equal("assistant", all[0].Role);
        Assert.Equal(["Bash"], all[0].Tools);
        Assert.NotNull(all[0].At);
    }

    [Fact]
    public async Task Read_LineThatIsCutOffOrTooLong_IsPassedOver()
    {
        await WriteAsync(1, padding: 10);
        await File.AppendAllTextAsync(Transcript.Path, """{"type":"user","message":{"content":"X"}}""".Replace("X", new string('x', 5_000_000), StringComparison.Ordinal) + "\n", Cancellation);
        await WriteAsync(1, padding: 10);
        await File.AppendAllTextAsync(Transcript.Path, """{"type":"user","message":{"content":"cut o""", Cancellation);

        var page = await TranscriptHistory.ReadAsync(Transcript, null, 50, Cancellation);

        Assert.Equal(4, page.Entries.Count);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Read_LongTranscript_CostsNoMoreThanAShortOne()
    {
        await WriteAsync(20_000, padding: 1_000);
        await using var file = File.OpenRead(Transcript.Path);
        var lines = new BackwardLines(file, file.Length);
        for (var count = 0; count < 20; count++)
        {
            Assert.NotNull(await lines.ReadAsync(Cancellation));
        }

        Assert.InRange(file.Length, 20_000_000, long.MaxValue);
        Assert.InRange(lines.BytesRead, 1, 3 * 64 * 1024);
    }

    [Fact]
    public async Task Read_NoTranscript_IsAnEmptyPage()
    {
        var page = await TranscriptHistory.ReadAsync(Transcript, null, 50, Cancellation);

        Assert.Empty(page.Entries);
        Assert.Null(page.Next);
    }

    private async Task WriteAsync(int turns, int padding)
    {
        await using var file = new StreamWriter(Transcript.Path, append: true);
        for (var turn = 0; turn < turns; turn++)
        {
            var prompt = $"turn {turn} {new string('p', padding)}";
            await file.WriteAsync($$$$"""{"type":"user","uuid":"u{{{{turn}}}}","timestamp":"2026-01-02T03:04:05Z","message":{"role":"user","content":"{{{{prompt}}}}"}}""" + "\n");
            await file.WriteAsync("""{"type":"queue-operation","operation":"enqueue"}""" + "\n");
            await file.WriteAsync($$$"""{"type":"assistant","timestamp":"2026-01-02T03:04:06Z","message":{"role":"assistant","content":[{"type":"text","text":"answer {{{turn}}}"},{"type":"tool_use","name":"Bash","input":{}}]}}""" + "\n");
        }
    }
}
