using System.Text;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;

namespace FunctionsBroker.Local.Durable.Tests.Log;

public sealed class RecoveredLogTests
{
    [Fact]
    public void From_NoRecords_StartsAtOne()
    {
        RecoveredLog log = RecoveredLog.From([]);

        Assert.Empty(log.Entries);
        Assert.Equal((1, 0), (log.NextLsn, log.NextRecord));
    }

    [Fact]
    public void From_Records_NumbersEntriesInOrder()
    {
        RecoveredLog log = RecoveredLog.From([Record(0, 1, Event("a"), Event("b")), Record(1, 3, Event("c"))]);

        Assert.Equal([1, 2, 3], log.Entries.Select(item => item.Lsn));
        Assert.Equal([(0L, 2L), (1L, 3L)], log.Live);
        Assert.Equal((4, 2), (log.NextLsn, log.NextRecord));
    }

    [Fact]
    public void From_EntriesUpToTheFloor_AreNotNeeded()
    {
        RecoveredLog log = RecoveredLog.From([Record(0, 1, Event("a"), Event("b")), Record(1, 3, floor: 1, entries: [Event("c")])]);

        Assert.Equal([2, 3], log.Entries.Select(item => item.Lsn));
    }

    [Fact]
    public void From_PartsOfOneBatch_AreReadTogether()
    {
        byte[] payload = Record(0, 1, Event("a")).Payload;
        LogRecord[] parts =
        [
            new(7, 1, 0, "w", 0, 2, payload[..10]),
            new(8, 1, 0, "w", 1, 2, payload[10..]),
        ];

        RecoveredLog log = RecoveredLog.From(parts);

        Assert.Single(log.Entries);
        Assert.Equal([(7L, 1L), (8L, 1L)], log.Live);
        Assert.Equal(9, log.NextRecord);
    }

    [Fact]
    public void From_PartsThatWereNeverCompleted_AreIgnored()
    {
        byte[] payload = Record(0, 1, Event("lost")).Payload;
        RecoveredLog log = RecoveredLog.From(
        [
            new LogRecord(0, 1, 0, "dead", 0, 2, payload[..10]),
            Record(1, 1, Event("kept")),
        ]);

        Assert.Equal("kept", Assert.IsType<Message.EventSubmitted>(Assert.Single(Assert.Single(log.Entries).Entry.Messages)).Name);
    }

    [Fact]
    public void From_AMissingRecord_RefusesToGuess() =>
        Assert.Throws<InvalidDataException>(() => RecoveredLog.From([Record(0, 1, Event("a")), Record(2, 3, Event("c"))]));

    private static LogEntry.MessagesAccepted Event(string name) => new() { Messages = [new Message.EventSubmitted("x", name, null)] };

    private static LogRecord Record(long number, long firstLsn, params LogEntry[] entries) => Record(number, firstLsn, 0, entries);

    private static LogRecord Record(long number, long firstLsn, long floor, LogEntry[] entries)
    {
        string payload = $"[{string.Join(',', entries.Select(entry => Encoding.UTF8.GetString(LogEntry.Serialize(entry))))}]";
        return new LogRecord(number, firstLsn, floor, "w", 0, 1, Encoding.UTF8.GetBytes(payload));
    }
}
