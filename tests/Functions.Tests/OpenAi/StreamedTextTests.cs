using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.Functions.OpenAi;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class StreamedTextTests
{
    [Fact]
    public void Add_WithoutAReset_GivesEveryPiece()
    {
        var text = new StreamedText();

        Assert.Equal(("a", "bc", ""), (text.Add("a"), text.Add("bc"), text.Add("")));
        Assert.True(text.IsWhole);
    }

    [Fact]
    public void Add_TheSameTextAgain_GivesOnlyWhatIsNew()
    {
        var text = new StreamedText();
        text.Add("Hello wor");
        text.Reset();

        Assert.Equal(("", "ld", "!"), (text.Add("Hello"), text.Add(" world"), text.Add("!")));
        Assert.True(text.IsWhole);
    }

    [Theory]
    [InlineData("Hullo")]
    [InlineData("Hello there and more")]
    public void Add_AnotherText_IsRefused(string other)
    {
        var text = new StreamedText();
        text.Add("Hello world");
        text.Reset();

        Assert.Null(text.Add(other));
    }

    [Fact]
    public void IsWhole_AShorterTextTakesThePlace_IsFalse()
    {
        var text = new StreamedText();
        text.Add("Hello world");
        text.Reset();
        text.Add("Hello");

        Assert.False(text.IsWhole);
    }

    [Fact]
    public void Add_OneTextCutInAnyWayAndBegunAnewAnyNumberOfTimes_IsSentOnce()
    {
        const string Said = "The quick brown fox jumps over the lazy dog.";
        var cuts = Gen.Choose(0, Said.Length).ListOf().ListOf().ToArbitrary();

        Prop.ForAll(cuts, runs => Tell(Said, [.. runs.Select(run => run.Order().ToList())]) == Said).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    /// <summary>Tells the text up to the last of a run's cuts in pieces, begins anew for the next run, and at last tells all of it.</summary>
    private static string Tell(string said, IReadOnlyList<List<int>> runs)
    {
        var text = new StreamedText();
        var sent = string.Empty;
        foreach (var run in (IEnumerable<List<int>>)[.. runs, [said.Length]])
        {
            text.Reset();
            var told = 0;
            foreach (var cut in run)
            {
                sent += text.Add(said[told..cut]);
                told = cut;
            }
        }

        return sent;
    }
}
