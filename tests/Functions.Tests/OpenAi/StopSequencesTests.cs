using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.Functions.OpenAi;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class StopSequencesTests
{
    [Theory]
    [InlineData("one END two", "one ")]
    [InlineData("one STOP two END", "one ")]
    [InlineData("one", "one")]
    [InlineData("END", "")]
    public void Cut_Text_EndsAtTheFirst(string text, string expected)
    {
        Assert.Equal(expected, new StopSequences(["END", "STOP"]).Cut(text));
    }

    [Fact]
    public void Filter_TextInPieces_TellsWhatCutTells()
    {
        var letters = Gen.Elements("a", "b", "ab", "ba", "aa");
        Prop.ForAll(
            Gen.ListOf(letters).Select(list => list.ToArray()).ToArbitrary(),
            Gen.ListOf(Gen.Elements("ab", "aab", "bb", "aba"), 2).Select(list => list.ToArray()).ToArbitrary(),
            (pieces, texts) =>
            {
                var stops = new StopSequences(texts);
                var filter = stops.Filter();
                var told = string.Concat(pieces.Select(filter.Add)) + filter.End();
                return told == stops.Cut(string.Concat(pieces));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Filter_WithoutStops_HoldsNothingBack()
    {
        Assert.Equal("text", StopSequences.None.Filter().Add("text"));
    }
}
