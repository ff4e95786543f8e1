using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

public sealed class StreamedTextTests
{
    private readonly RecordingObserver _observer = new();
    private readonly StreamedText _text;

    public StreamedTextTests() => _text = new StreamedText(_observer);

    [Fact]
    public void Finish_TextThatWasStreamed_TellsNothingTwice()
    {
        Stream("m1", 0, "one ", "two");
        _text.Finish("one two");
        Stream("m1", 1, "three");
        _text.Finish("three");

        Assert.Equal("one twothree", _observer.Text);
        Assert.Equal(3, _observer.Progress.Count);
    }

    [Fact]
    public void Finish_TextThatWasNotStreamedOrNotWhole_TellsTheRest()
    {
        _text.Finish("one ");
        Stream("m2", 0, "tw");
        _text.Finish("two");

        Assert.Equal("one two", _observer.Text);
        Assert.All(_observer.Progress, progress => Assert.IsType<TurnProgress.TextDelta>(progress));
    }

    [Fact]
    public void Accept_CharacterThatIsCutInTwo_IsToldWhole()
    {
        Stream("m1", 0, "a\ud83d", "\ude00b\ud83d", "\ude00");
        _text.Finish("a😀b😀");

        Assert.Equal(["a", "😀b", "😀"], _observer.Progress.Cast<TurnProgress.TextDelta>().Select(delta => delta.Text));
    }

    [Fact]
    public void Accept_CharacterWhoseOtherHalfNeverComes_IsToldAsTheCliHasIt()
    {
        Stream("m1", 0, "a\ud83d");
        _text.Finish("a\ufffd");

        Assert.Equal("a\ufffd", _observer.Text);
    }

    [Fact]
    public void Said_AfterAToolAndARetraction_IsWhatStands()
    {
        Stream("m1", 0, "one ");
        _text.Finish("one ");
        _text.CallTool();
        Stream("m2", 0, "two ");
        _text.Finish("two ");
        Stream("m3", 0, "thr");
        _text.Accept(new CliMessage.Abandoned("m3", 0));
        _text.Finish("three");

        Assert.Equal("two three", _text.Said);
        Assert.Equal("one two three", _observer.Text);
    }

    [Theory]
    [InlineData("two!")]
    [InlineData("t")]
    [InlineData("")]
    public void Finish_OtherTextThanWasStreamed_TakesThatBlockBack(string streamed)
    {
        Stream("m1", 0, "one ");
        _text.Finish("one ");
        Stream("m2", 0, streamed + "x");
        _text.Finish("two");

        Assert.Equal("one two", _observer.Text);
        Assert.Equal(4, Assert.Single(_observer.Progress.OfType<TurnProgress.Reset>()).KeptCharacters);
    }

    [Fact]
    public void Abandoned_Message_TakesItBackAndKeepsWhatWasBefore()
    {
        Stream("m1", 0, "one ");
        _text.Finish("one ");
        Stream("m2", 0, "two ");
        _text.Finish("two ");
        Stream("m2", 1, "thr");

        _text.Accept(new CliMessage.Abandoned("m2", 0));
        Stream("m3", 0, "2");
        _text.Finish("2");

        Assert.Equal("one 2", _observer.Text);
    }

    [Fact]
    public void Abandoned_LaterBlock_KeepsTheFinishedOne()
    {
        Stream("m1", 0, "one ");
        _text.Finish("one ");
        Stream("m1", 1, "tw");

        _text.Accept(new CliMessage.Abandoned("m1", 1));

        Assert.Equal("one ", _observer.Text);
    }

    [Theory]
    [InlineData("m0", 0)]
    [InlineData("m1", 1)]
    public void Abandoned_NothingThatWasTold_TellsNothing(string message, int block)
    {
        Stream("m1", 0, "one");
        _text.Finish("one");

        _text.Accept(new CliMessage.Abandoned(message, block));

        Assert.Equal("one", _observer.Text);
        Assert.Single(_observer.Progress);
    }

    private void Stream(string message, int block, params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            _text.Accept(new CliMessage.TextDelta(piece, message, block));
        }
    }
}
