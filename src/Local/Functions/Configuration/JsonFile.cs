using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>A JSON file by its configuration keys (<c>a:b:0</c>, in any case), each with where it stands, so that a fault can be pointed at.</summary>
/// <remarks>Comments and trailing commas are allowed, as in the files of the real host; the later of two equal keys counts.</remarks>
internal sealed class JsonFile
{
    private static readonly JsonReaderOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly Dictionary<string, JsonFileToken> _tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] _text;

    private JsonFile(string path, byte[] text)
    {
        Path = path;
        _text = text;
    }

    public string Path { get; }

    /// <summary>Every key below the file's object, containers included, in the file's order.</summary>
    public IReadOnlyDictionary<string, JsonFileToken> Tokens => _tokens;

    /// <summary>Reads a file; one that does not exist is an empty object.</summary>
    /// <exception cref="InvalidDataException">It is not JSON or not an object; the message says where, and quotes nothing of it.</exception>
    public static JsonFile Read(string path)
    {
        var file = new JsonFile(path, File.Exists(path) ? WithoutMark(File.ReadAllBytes(path)) : "{}"u8.ToArray());
        try
        {
            file.Parse();
            return file;
        }
        catch (JsonException exception)
        {
            var offset = file.LineStart(exception.LineNumber ?? 0) + (int)(exception.BytePositionInLine ?? 0);
            throw new InvalidDataException($"{file.Place(offset)}: not valid JSON. {Reason(exception)}");
        }
    }

    /// <summary>Returns where a key of the file stands, as editors and terminals understand it: <c>path:line:column</c>.</summary>
    public string PlaceOf(string key) => Place(_tokens[key].Offset);

    private void Parse()
    {
        var reader = new Utf8JsonReader(_text, s_options);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new InvalidDataException($"{Path} is not a JSON object.");
        }

        ReadChildren(ref reader, null);
        reader.Read();
    }

    private void ReadChildren(ref Utf8JsonReader reader, string? parent)
    {
        var isArray = reader.TokenType is JsonTokenType.StartArray;
        for (var index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
        {
            var offset = (int)reader.TokenStartIndex;
            var name = isArray ? index.ToString(CultureInfo.InvariantCulture) : reader.GetString()!;
            if (!isArray)
            {
                reader.Read();
            }

            var key = parent is null ? name : ConfigurationPath.Combine(parent, name);
            var kind = KindOf(reader.TokenType);
            _tokens[key] = new JsonFileToken(kind, ValueOf(ref reader), offset);
            if (kind is JsonValueKind.Object or JsonValueKind.Array)
            {
                ReadChildren(ref reader, key);
            }
        }
    }

    private static string? ValueOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => bool.TrueString,
        JsonTokenType.False => bool.FalseString,
        _ => null,
    };

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };

    private static byte[] WithoutMark(byte[] text) =>
        text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;

    // The exception appends its own idea of the position, counted from zero.
    private static string Reason(JsonException exception) =>
        exception.Message.Split(" LineNumber:", 2)[0] is { Length: > 0 } reason ? reason : "It ends too early.";

    private int LineStart(long line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += _text.AsSpan(start).IndexOf((byte)'\n') + 1;
        }

        return start;
    }

    private string Place(int offset)
    {
        var before = _text.AsSpan(0, Math.Min(offset, _text.Length));
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{Path}:{line}:{column}");
    }
}
