using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Transcripts;

public sealed class TranscriptIntegrityTests : IDisposable
{
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("", true)]
    [InlineData("1 2 3", true)]
    [InlineData("1 x 3", false)]
    [InlineData("1 2 x 3", true)]
    [InlineData("1 2 3 x", true)]
    [InlineData("x 2 3", false)]
    [InlineData("other 1 2", true)]
    [InlineData("2 3", true)]
    public async Task IsWhole_Lines_TellsWhetherOneIsMissingThatAnotherFollows(string lines, bool expected)
    {
        var path = _temp.Combine("transcript.jsonl");
        await File.WriteAllLinesAsync(path, lines.Split(' ').Select(LineOf), TestContext.Current.CancellationToken);

        Assert.Equal(expected, await TranscriptIntegrity.IsWholeAsync(path, TestContext.Current.CancellationToken));
    }

    private static string LineOf(string name) => name switch
    {
        "" => "",
        "x" => """{"type":"user","uuid":"00000000-0000-0000-0000-0000000""",
        "other" => """{"type":"summary","message":{"uuid":5,"parentUuid":"00000000-0000-0000-0000-000000000099"}}""",
        "1" => """{"parentUuid":null,"type":"user","uuid":"00000000-0000-0000-0000-000000000001"}""",
        _ => $$"""{"parentUuid":"00000000-0000-0000-0000-00000000000{{int.Parse(name) - 1}}","type":"user","uuid":"00000000-0000-0000-0000-00000000000{{name}}"}""",
    };
}
