using System.Text;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Transcripts;

public sealed class TranscriptCursorTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string File => _folder.Combine("t.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_AfterASnapshot_GivesOnlyWhatWasAppended()
    {
        Append("a\nb\n");
        var cursor = TranscriptCursor.Snapshot(File);

        Append("c\nd\n");

        Assert.Equal(["c", "d"], await ReadAsync(cursor));
        Assert.Empty(await ReadAsync(cursor));
        Assert.Equal(8, cursor.Offset);
    }

    [Fact]
    public async Task Read_LineThatIsStillBeingWritten_ComesWhole()
    {
        Append("a\n");
        var cursor = TranscriptCursor.Snapshot(File);

        Append("par");
        Assert.Empty(await ReadAsync(cursor));
        Append("tial\n");

        Assert.Equal(["partial"], await ReadAsync(cursor));
    }

    [Fact]
    public async Task Read_FileThatWasCutShort_BeginsAnew()
    {
        Append("first\nsecond\n");
        var cursor = TranscriptCursor.Snapshot(File);

        await System.IO.File.WriteAllTextAsync(File, "new\n", TestContext.Current.CancellationToken);

        Assert.Equal(["new"], await ReadAsync(cursor));
    }

    [Fact]
    public async Task Read_AnotherFileUnderTheName_BeginsAnewThoughItIsLonger()
    {
        Append("first\n");
        var cursor = TranscriptCursor.Snapshot(File);

        await System.IO.File.WriteAllTextAsync(File + ".next", "a new file that is longer\nsecond\n", TestContext.Current.CancellationToken);
        System.IO.File.Move(File + ".next", File, overwrite: true);

        Assert.Equal(["a new file that is longer", "second"], await ReadAsync(cursor));
    }

    [Fact]
    public async Task Read_NoFileYet_GivesNothingAndThenAll()
    {
        var cursor = TranscriptCursor.Snapshot(File);
        Assert.Empty(await ReadAsync(cursor));

        Append("a\n");

        Assert.Equal(["a"], await ReadAsync(cursor));
    }

    private void Append(string text) => System.IO.File.AppendAllText(File, text);

    private static async Task<List<string>> ReadAsync(TranscriptCursor cursor)
    {
        List<string> lines = [];
        await foreach (var line in cursor.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(Encoding.UTF8.GetString(line.Bytes.Span));
        }

        return lines;
    }
}
