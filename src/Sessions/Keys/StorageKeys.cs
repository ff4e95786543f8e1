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
/// Tables refuse <c>/ \ # ?</c> and control characters in keys, which have at most 512 characters. So in the key of an id that is not plain
/// every character of ASCII that is not plain is another one of Unicode's private use area, and <c>!</c> stands before it:
/// as long, in the same order, and to be read back. <c>~</c> is then in no id and separates the parts, so no two different pairs of ids
/// give the same key. Instance ids may not begin with <c>@</c>, which names entities.
/// </remarks>
public static partial class StorageKeys
{
    /// <summary>Durable backends differ in what length they take; this many characters are safe in all.</summary>
    public const int MaxInstanceIdLength = 100;

    /// <summary>The row that says which of a session's turns is the newest.</summary>
    public const string TurnHeadRow = "h";

    private const int SessionBuckets = 64;
    private const char Separator = '~';
    private const char NotPlain = '!';
    private const char PrivateUse = '\uE000';

    // The instance id of an entity is its key with "@sessionentity@" before it.
    private const int MaxEntityKeyLength = 80;

    /// <summary>The partition of a session's row: one of 64, spread by hash.</summary>
    public static string SessionPartition(SessionId session)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(session.Value));
        return SessionPartition((int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % SessionBuckets));
    }

    public static string SessionRow(SessionId session) => KeyOf(session.Value);

    /// <summary>The partition that holds every row of a session's turns.</summary>
    public static string TurnPartition(SessionId session) => KeyOf(session.Value);

    /// <summary>The row of a turn.</summary>
    public static string TurnRow(TurnId turn) => "i" + Separator + KeyOf(turn.Value);

    /// <summary>The row that lists a turn by time, newest first.</summary>
    public static string TurnTimeRow(TurnId turn, DateTimeOffset createdAt)
    {
        var reversed = DateTimeOffset.MaxValue.UtcTicks - createdAt.UtcTicks;
        return string.Create(CultureInfo.InvariantCulture, $"t{Separator}{reversed:d19}{Separator}{KeyOf(turn.Value)}");
    }

    /// <summary>A row that holds a piece of a turn's long text.</summary>
    /// <param name="part">Which text: <c>p</c> for the prompt, <c>r</c> for the reply.</param>
    public static string TurnTextRow(TurnId turn, char part, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{KeyOf(turn.Value)}{Separator}{part}{Separator}{index:d4}");

    /// <summary>The first key after every row that <see cref="TurnTextRow"/> makes for this text.</summary>
    public static string TurnTextRowEnd(TurnId turn, char part) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{KeyOf(turn.Value)}{Separator}{part}{(char)(Separator + 1)}");

    /// <summary>A row that holds a piece of what came along with a turn; among the rows of the turn's texts.</summary>
    /// <param name="setId">Names the content.</param>
    public static string TurnAttachmentRow(TurnId turn, string setId, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{KeyOf(turn.Value)}{Separator}a{Separator}{setId}{Separator}{index:d4}");

    /// <summary>The first key after every row that <see cref="TurnAttachmentRow"/> makes for this set.</summary>
    public static string TurnAttachmentRowEnd(TurnId turn, string setId) =>
        string.Create(CultureInfo.InvariantCulture, $"c{Separator}{KeyOf(turn.Value)}{Separator}a{Separator}{setId}{(char)(Separator + 1)}");

    /// <summary>Reads the id back from a key that <see cref="TurnRow"/> or <see cref="TurnTimeRow"/> made.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static TurnId TurnOf(string rowKey)
    {
        ArgumentNullException.ThrowIfNull(rowKey);

        var parts = rowKey.Split(Separator);
        return parts switch
        {
            ["i", var id] => TurnId.Parse(IdOf(id)),
            ["t", _, var id] => TurnId.Parse(IdOf(id)),
            _ => throw new FormatException("The row key does not name a turn."),
        };
    }

    /// <summary>The instance id of the orchestration that runs a turn: the same for the same turn, and for no other.</summary>
    public static string TurnInstanceId(SessionId session, TurnId turn) =>
        InstanceId("t" + Separator + KeyOf(session.Value) + Separator + KeyOf(turn.Value));

    /// <summary>The instance id of the orchestration that stops a turn.</summary>
    public static string TurnStopInstanceId(SessionId session, TurnId turn) =>
        InstanceId("s" + Separator + KeyOf(session.Value) + Separator + KeyOf(turn.Value));

    /// <summary>The instance id of the orchestration that erases a session.</summary>
    public static string EraseInstanceId(SessionId session) => InstanceId("e" + Separator + KeyOf(session.Value));

    /// <summary>The key of a session's entity.</summary>
    public static string SessionEntityKey(SessionId session) =>
        session.Value.Length <= MaxEntityKeyLength && IdSyntax.IsPlain(session.Value) ? session.Value : Hashed(session.Value);

    /// <summary>Reads a session's id back from a key that <see cref="SessionRow"/> made.</summary>
    /// <exception cref="FormatException">The key is of another kind.</exception>
    public static SessionId SessionOf(string rowKey) => SessionId.Parse(IdOf(rowKey));

    private static string InstanceId(string plain) =>
        plain.Length <= MaxInstanceIdLength && Ascii.IsValid(plain) ? plain : Hashed(plain);

    private static string Hashed(string text) => "h" + Separator + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string KeyOf(string id) =>
        IdSyntax.IsPlain(id) ? id : NotPlain + Mapped(id);

    private static string Mapped(string id) =>
        string.Create(id.Length, id, (key, from) =>
        {
            for (var at = 0; at < key.Length; at++)
            {
                key[at] = char.IsAscii(from[at]) && !IdSyntax.IsPlain(from.AsSpan(at, 1)) ? (char)(PrivateUse + from[at]) : from[at];
            }
        });

    private static string IdOf(string key) =>
        key is not [NotPlain, .. var rest]
            ? key
            : string.Create(rest.Length, rest, (id, from) =>
            {
                for (var at = 0; at < id.Length; at++)
                {
                    id[at] = from[at] is >= PrivateUse and < (char)(PrivateUse + 128) ? (char)(from[at] - PrivateUse) : from[at];
                }
            });
}
