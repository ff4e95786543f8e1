using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Transcripts;

public sealed class TranscriptLinkTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string Link => _folder.Combine("routes", "alpha", "transcript.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Point_AnotherTranscript_MovesTheLink()
    {
        File.WriteAllText(_folder.Combine("b.jsonl"), "second");

        TranscriptLink.Point(Link, new Transcript(_folder.Combine("a.jsonl")));
        TranscriptLink.Point(Link, new Transcript(_folder.Combine("b.jsonl")));
        TranscriptLink.Point(Link, new Transcript(_folder.Combine("b.jsonl")));

        Assert.Equal("second", File.ReadAllText(Link));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Link)!));
    }

    [Fact]
    public void Point_FileOfSomebodyElse_IsLeftAlone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Link)!);
        File.WriteAllText(Link, "mine");

        Assert.Throws<IOException>(() => TranscriptLink.Point(Link, new Transcript(_folder.Combine("a.jsonl"))));
        Assert.Equal("mine", File.ReadAllText(Link));
    }
}
