namespace FunctionsBroker.Local.Durable.Log;

/// <summary>What one row of the log holds: entries that became durable together, or a part of them.</summary>
/// <param name="Number">Counts records, without gaps.</param>
/// <param name="FirstLsn">The place of the first entry; entries are numbered without gaps across records.</param>
/// <param name="Floor">Entries up to this one are in their instances' rows, and need not be read from the log.</param>
/// <param name="Writer">Unique per term of ownership; tells a writer its own records from a successor's.</param>
/// <param name="Part">0-based; entries that do not fit one row are spread over <paramref name="Parts"/> records.</param>
internal sealed record LogRecord(long Number, long FirstLsn, long Floor, string Writer, int Part, int Parts, byte[] Payload);
