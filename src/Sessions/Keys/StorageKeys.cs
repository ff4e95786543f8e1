using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Keys;

/// <summary>
/// The one place where ids become table keys and durable instance ids.
/// </summary>
/// <remarks>
/// The characters of an id are all legal in keys and instance ids; <c>~</c> is not one of them and separates the parts,
/// so no two different pairs of ids give the same key. Tables refuse <c>/ \ # ?</c> and control characters in keys;
/// instance ids may not begin with <c>@</c>, which names entities.
/// </remarks>
public static partial class StorageKeys
{
    /// <summary>Durable backends differ in what length they take; this many characters are safe in all.</summary>
    public const int MaxInstanceIdLength = 100;

    /// <summary>The row that says which of a session's turns is the newest.</summary>
    public const string TurnHeadRow = "h";

    private const int SessionBuckets = 64;
    private const char Separator = '~';

    /// <summary>The partition of a session's row: one of 64, spread by hash.</summary>
    public static string SessionPartition(SessionId session)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(session.Value));
        return SessionPartition((int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % SessionBuckets));
    }

    public static string SessionRow(SessionId session) => session.Value;

    /// <summary>The partition that holds every row of a session's turns.</summary>
    public static string TurnPartition(SessionId session) => session.Value;

    /// <summary>The row of a turn.</summary>
    public static string TurnRow(TurnId turn) => "i" + Separator + turn.Value;

    /// <summary>The row that lists a turn by time, newest first.</summary>
    public static string TurnTimeRow(TurnId turn, DateTimeOffset createdAt)
    {
        var reversed = DateTimeOffset.MaxValue.UtcTicks - createdAt.UtcTicks;
        return string.Create(CultureInfo.InvariantCulture, $"t{Separator}{reversed:d19}{Separator}{turn.Value}");
    }

    /// <summary>A row that holds a piece of a turn's long text.</summary>
    /// <param name="part">Which text: <c>p</c> for the prompt, <c>r</c> for the reply.</param>
    public static string TurnTextRow(TurnId turn, char part, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{turn.Value}{Separator}{part}{Separator}{index:d4}");

    /// <summary>The first key after every row that <see cref="TurnTextRow"/> makes for this text.</summary>
    public static string TurnTextRowEnd(TurnId turn, char part) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{turn.Value}{Separator}{part}{(char)(Separator + 1)}");

    /// <summary>A row that holds a piece of what came along with a turn; among the rows of the turn's texts.</summary>
    /// <param name="setId">Names the content.</param>
    public static string TurnAttachmentRow(TurnId turn, string setId, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{turn.Value}{Separator}a{Separator}{setId}{Separator}{index:d4}");

    /// <summary>The first key after every row that <see cref="TurnAttachmentRow"/> makes for this set.</summary>
    public static string TurnAttachmentRowEnd(TurnId turn, string setId) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{turn.Value}{Separator}a{Separator}{setId}{(char)(Separator + 1)}");

    /// <summary>Reads the id back from a key that <see cref="TurnRow"/> or <see cref="TurnTimeRow"/> made.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static TurnId TurnOf(string rowKey)
    {
        ArgumentNullException.ThrowIfNull(rowKey);

        var parts = rowKey.Split(Separator);
        return parts switch
        {
            ["i", var id] => TurnId.Parse(id),
            ["t", _, var id] => TurnId.Parse(id),
            _ => throw new FormatException("The row key does not name a turn."),
        };
    }

    /// <summary>The instance id of the orchestration that runs a turn: the same for the same turn, and for no other.</summary>
    public static string TurnInstanceId(SessionId session, TurnId turn) =>
        InstanceId("t" + Separator + session.Value + Separator + turn.Value);

    /// <summary>The instance id of the orchestration that stops a turn.</summary>
    public static string TurnStopInstanceId(SessionId session, TurnId turn) =>
        InstanceId("s" + Separator + session.Value + Separator + turn.Value);

    /// <summary>The instance id of the orchestration that erases a session.</summary>
    public static string EraseInstanceId(SessionId session) => InstanceId("e" + Separator + session.Value);

    /// <summary>The key of a session's entity.</summary>
    public static string SessionEntityKey(SessionId session) => session.Value;

    private static string InstanceId(string plain) =>
        plain.Length <= MaxInstanceIdLength
            ? plain
            : "h" + Separator + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain)));
}
