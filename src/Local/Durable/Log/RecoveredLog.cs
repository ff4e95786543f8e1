using System.Text.Json;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>The entries that a log holds and no instance row need have, and where the log goes on.</summary>
/// <param name="Entries">In order, with their places.</param>
/// <param name="Live">The records that hold them, and each one's last entry.</param>
internal sealed record RecoveredLog(
    IReadOnlyList<(long Lsn, LogEntry Entry)> Entries,
    IReadOnlyList<(long Record, long LastLsn)> Live,
    long Floor,
    long NextLsn,
    long NextRecord)
{
    /// <summary>Makes sense of <paramref name="records"/>, which are in order.</summary>
    /// <exception cref="InvalidDataException">A record that is needed is missing.</exception>
    public static RecoveredLog From(IReadOnlyList<LogRecord> records)
    {
        long floor = records.Count == 0 ? 0 : records.Max(record => record.Floor);
        List<(long Lsn, LogEntry Entry)> entries = [];
        List<(long Record, long LastLsn)> live = [];
        long nextLsn = floor + 1;
        List<LogRecord> parts = [];
        foreach (LogRecord record in records)
        {
            if (record.Part == 0)
            {
                // Parts that were never completed belong to an owner that died, and to nobody who was told of them.
                parts.Clear();
            }

            parts.Add(record);
            if (record.Part != record.Parts - 1 || parts.Count != record.Parts || parts.Any(part => part.Writer != record.Writer))
            {
                continue;
            }

            LogEntry[] content = Parse(parts);
            long last = record.FirstLsn + content.Length - 1;
            if (last > floor)
            {
                if (record.FirstLsn > nextLsn)
                {
                    throw new InvalidDataException($"The task hub's log has no entries from {nextLsn} to {record.FirstLsn - 1}.");
                }

                entries.AddRange(content.Select((entry, i) => (record.FirstLsn + i, entry)).Where(item => item.Item1 > floor));
                live.AddRange(parts.Select(part => (part.Number, last)));
                nextLsn = last + 1;
            }
        }

        return new RecoveredLog(entries, live, floor, nextLsn, records.Count == 0 ? 0 : records[^1].Number + 1);
    }

    private static LogEntry[] Parse(List<LogRecord> parts)
    {
        byte[] payload = parts.Count == 1 ? parts[0].Payload : [.. parts.SelectMany(part => part.Payload)];
        return JsonSerializer.Deserialize(payload, HubJson.Default.LogEntryArray)
            ?? throw new InvalidDataException("A record of the task hub's log is empty.");
    }
}
