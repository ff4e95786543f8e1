using FsCheck;
using FsCheck.Fluent;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Events;

namespace FunctionsBroker.SessionHost.Tests.Events;

public sealed class TurnEventLogTests
{
    private const int Large = 4 * 1024 * 1024;
    private static readonly TurnEvent s_last = new TurnEvent.Failed(AttemptOutcome.Failed, ProblemCatalogue.Interrupted());

    [Fact]
    public void Read_TextInPieces_ComesInOne()
    {
        var log = new TurnEventLog(Large);
        log.Append("one ");
        log.Append("two ");
        log.Append("three");

        Assert.Equal((new TurnEvent.Delta("one two three"), 13), log.Read(0));
        Assert.Equal((new TurnEvent.Delta("two three"), 13), log.Read(4));
        Assert.Null(log.Read(13));
    }

    [Fact]
    public void Read_HalfACharacterAtTheEnd_WaitsForTheOther()
    {
        var log = new TurnEventLog(Large);
        log.Append("a\ud83d");
        Assert.Equal((new TurnEvent.Delta("a"), 1), log.Read(0));
        Assert.Null(log.Read(1));

        log.Append("\udc33");

        Assert.Equal((new TurnEvent.Delta("🐳"), 3), log.Read(1));
    }

    [Fact]
    public async Task Wait_ForWhatIsNotThere_EndsWithTheNextAppend()
    {
        var log = new TurnEventLog(Large);
        var waiting = log.WaitAsync(0);
        Assert.False(waiting.IsCompleted);

        log.Append("x");

        await waiting.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(log.WaitAsync(0).IsCompleted);
        Assert.False(log.WaitAsync(1).IsCompleted);
    }

    [Fact]
    public void Append_AfterTheLastEvent_IsIgnored()
    {
        var log = new TurnEventLog(Large);
        log.Append(s_last, 0);

        log.Append("late");
        log.Append(new TurnEvent.Reset("late"), 0);
        log.Reset("late", 0);

        Assert.Equal((s_last, 1), log.Read(0));
        Assert.True(log.IsOver(1));
        Assert.Null(log.Read(1));
    }

    [Fact]
    public void Append_MoreThanTheLimit_KeepsTheEndAndTellsALateReader()
    {
        var log = new TurnEventLog(maxBytes: 100_000);
        for (var piece = 0; piece < 100_000; piece++)
        {
            log.Append($"piece {piece} ");
        }

        var reader = new Reader();
        reader.ReadAll(log);

        Assert.InRange(log.Bytes, 1, 100_000);
        Assert.Equal(new TurnEvent.Reset(TurnEventLog.Overflow), reader.First);
        Assert.EndsWith("piece 99999 ", reader.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_ManyEvents_KeepsTheLastAndTheQuestionsThatAreOpen()
    {
        var log = new TurnEventLog(Large);
        log.Append(new TurnEvent.Permission("open", PermissionState.Asked), 0);
        log.Append(new TurnEvent.Permission("closed", PermissionState.Asked), 0);
        log.Append(new TurnEvent.Permission("closed", PermissionState.Denied), 0);
        for (var number = 0; number < 3 * TurnEventLog.MaxEvents; number++)
        {
            log.Append(new TurnEvent.Tool($"tool-{number}", ToolState.Started), 0);
        }

        var reader = new Reader();
        reader.ReadAll(log);

        Assert.InRange(reader.Count, 100, TurnEventLog.MaxEvents + 2);
        Assert.Equal(["open"], reader.Questions);
    }

    [Fact]
    public void Reset_WithTextKept_TellsItAgainWithTheEventsAmongIt()
    {
        var log = new TurnEventLog(Large);
        log.Append("one ");
        log.Append(new TurnEvent.Tool("t1", ToolState.Started), 0);
        log.Append("two ");
        log.Append(new TurnEvent.Tool("t2", ToolState.Started), 0);
        log.Append("three");

        log.Reset("again", keptCharacters: 6);
        log.Append("!");

        var reader = new Reader();
        reader.ReadAll(log);
        Assert.Equal("one tw!", reader.Text);
        Assert.Equal(1, reader.Tools);
    }

    /// <summary>However a turn goes and whenever a listener reads or comes back, it shows what the turn has said.</summary>
    [Fact]
    public void Read_AnyCourse_ShowsTheTurnsText()
    {
        var text = Gen.Elements("a", "bc ", "🐳", "\n", new string('x', 5_000), new string('y', 40_000));
        var step = Gen.OneOf(
            text.Select(said => new Step(said, null, false)),
            Gen.Choose(0, 100).Select(percent => new Step(null, percent, false)),
            Gen.Constant(new Step(null, null, true)));

        Prop.ForAll(step.ListOf().ToArbitrary(), steps => Shows([.. steps])).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static bool Shows(IReadOnlyList<Step> steps)
    {
        var log = new TurnEventLog(Large);
        var said = string.Empty;
        var reader = new Reader();
        foreach (var step in steps)
        {
            if (step.Said is not null)
            {
                said += step.Said;
                log.Append(step.Said);
            }
            else if (step.Kept is { } percent)
            {
                said = said[..(said.Length * percent / 100)];
                log.Reset("again", said.Length);
            }
            else
            {
                reader.ReadAll(log);
            }
        }

        log.Append(s_last, 0);
        reader.ReadAll(log);
        var late = new Reader();
        late.ReadAll(log);
        var whole = said.Length > 0 && char.IsHighSurrogate(said[^1]) ? said[..^1] : said;
        return Same(reader.Text, whole) && Same(late.Text, whole);
    }

    // Text that was cut inside a character and went on is no text.
    private static bool Same(string shown, string said) => said.Any(char.IsSurrogate) || shown == said;

    private sealed record Step(string? Said, int? Kept, bool Read);

    private sealed class Reader
    {
        private long _position;

        public string Text { get; private set; } = string.Empty;

        public TurnEvent? First { get; private set; }

        public int Count { get; private set; }

        public int Tools { get; private set; }

        public List<string> Questions { get; } = [];

        public void ReadAll(TurnEventLog log)
        {
            while (log.Read(_position) is var (turnEvent, position))
            {
                _position = position;
                First ??= turnEvent;
                Count++;
                switch (turnEvent)
                {
                    case TurnEvent.Delta(var text):
                        Text += text;
                        break;
                    case TurnEvent.Reset:
                        Text = string.Empty;
                        Questions.Clear();
                        Tools = 0;
                        break;
                    case TurnEvent.Tool:
                        Tools++;
                        break;
                    case TurnEvent.Permission { State: PermissionState.Asked } asked:
                        Questions.Add(asked.RequestId);
                        break;
                }
            }
        }
    }
}
