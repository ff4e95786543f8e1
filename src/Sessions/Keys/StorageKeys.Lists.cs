using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Keys;

public static partial class StorageKeys
{
    /// <summary>The first key of a session partition that is no session's.</summary>
    public const string SessionRowsEnd = "~";

    /// <summary>The key before every row that <see cref="TurnTimeRow"/> makes.</summary>
    public const string TurnTimeRowsStart = "t~";

    /// <summary>The key behind every row that <see cref="TurnTimeRow"/> makes.</summary>
    public const string TurnTimeRowsEnd = "t~~";

    /// <summary>The key before every row that <see cref="TurnRow"/> makes.</summary>
    public const string TurnRowsStart = "i~";

    /// <summary>The key behind every row that <see cref="TurnRow"/> makes.</summary>
    public const string TurnRowsEnd = "i~~";

    /// <summary>The key before every partition that <see cref="ActivityPartition"/> makes.</summary>
    public const string ActivityPartitionsStart = "~a~";

    private const string HourFormat = "yyyyMMddHH";

    /// <summary>The partitions of the sessions' rows, in order.</summary>
    public static IReadOnlyList<string> SessionPartitions { get; } = [.. Enumerable.Range(0, SessionBuckets).Select(SessionPartition)];

    /// <summary>Where the rows are of the sessions whose ids begin with this: between the first keys, included, and the second ones.</summary>
    public static IReadOnlyList<(string From, string To)> SessionRowsOf(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);

        var notPlain = NotPlain + Mapped(prefix);
        return IdSyntax.IsPlain(prefix) ? [(prefix, After(prefix)), (notPlain, After(notPlain))] : [(notPlain, After(notPlain))];

        static string After(string start) => start[..^1] + (char)(start[^1] + 1);
    }

    /// <summary>The order in which sessions are listed: that of their keys.</summary>
    public static IComparer<SessionId> SessionOrder { get; } = Comparer<SessionId>.Create((one, other) =>
        string.CompareOrdinal(SessionPartition(one), SessionPartition(other)) is not 0 and var byPartition
            ? byPartition
            : string.CompareOrdinal(SessionRow(one), SessionRow(other)));

    /// <summary>The key before the rows of <see cref="TurnTimeRow"/> for turns that were created at this time or earlier.</summary>
    public static string TurnTimeRowsBefore(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{TurnTimeRowsStart}{DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks:d19}");

    /// <summary>The key before every row that holds a piece of something that belongs to a turn.</summary>
    public const string PiecesStart = "c~";

    /// <summary>The key behind those rows.</summary>
    public const string PiecesEnd = "c~~";

    /// <summary>Reads back from the key of such a row which turn it belongs to.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static TurnId TurnOfPiece(string rowKey)
    {
        ArgumentNullException.ThrowIfNull(rowKey);

        return rowKey.Split(Separator) is ["c", var id, ..] ? TurnId.Parse(IdOf(id)) : throw new FormatException("The row key is not that of a piece.");
    }

    /// <summary>The key before every row that holds a piece of something that belongs to the turn.</summary>
    public static string TurnPiecesStart(TurnId turn) => $"c{Separator}{KeyOf(turn.Value)}{Separator}";

    /// <summary>The key behind those rows.</summary>
    public static string TurnPiecesEnd(TurnId turn) => $"c{Separator}{KeyOf(turn.Value)}{Separator}{Separator}";

    /// <summary>The partition that notes which sessions had new turns in the hour that begins at this time.</summary>
    public static string ActivityPartition(DateTimeOffset hour) =>
        ActivityPartitionsStart + hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads such a note back.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static TurnActivity ActivityOf(string partition, string row)
    {
        ArgumentNullException.ThrowIfNull(partition);

        var hour = DateTime.ParseExact(
            partition.AsSpan(ActivityPartitionsStart.Length),
            HourFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return new TurnActivity(SessionOf(row), new DateTimeOffset(hour, TimeSpan.Zero));
    }

    /// <summary>Reads a turn's place back from a key that <see cref="TurnTimeRow"/> made.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static TurnListing TurnListingOf(string rowKey)
    {
        ArgumentNullException.ThrowIfNull(rowKey);

        return rowKey.Split(Separator) is ["t", var reversed, var id]
            ? new TurnListing(
                TurnId.Parse(IdOf(id)),
                new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - long.Parse(reversed, CultureInfo.InvariantCulture), TimeSpan.Zero))
            : throw new FormatException("The row key does not list a turn.");
    }

    /// <summary>The key before every row that <see cref="SessionDueRow"/> makes.</summary>
    public const string SessionDueRowsStart = "~d~";

    /// <summary>The row that notes when a session is to be looked at.</summary>
    public static string SessionDueRow(SessionId session, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{SessionDueRowsStart}{at.UtcTicks:d19}{Separator}{KeyOf(session.Value)}");

    /// <summary>The key behind the notes for this time and earlier ones.</summary>
    public static string SessionDueRowsEnd(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{SessionDueRowsStart}{at.UtcTicks + 1:d19}");

    /// <summary>Reads a note back from a key that <see cref="SessionDueRow"/> made.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static SessionDue SessionDueOf(string rowKey)
    {
        ArgumentNullException.ThrowIfNull(rowKey);

        return rowKey.Split(Separator) is ["", "d", var ticks, var session]
            ? new SessionDue(SessionOf(session), new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero))
            : throw new FormatException("The row key does not note a session.");
    }

    /// <summary>The row of what was used under a profile, by one writer. A profile's name may hold what a key may not.</summary>
    public static string UsageRow(string profile, string writer) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(profile + Separator + writer)));

    private static string SessionPartition(int bucket) => bucket.ToString("d2", CultureInfo.InvariantCulture);
}
