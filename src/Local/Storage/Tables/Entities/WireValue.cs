using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>How one property's value is written to and read from the table service's JSON.</summary>
internal static class WireValue
{
    /// <summary>
    /// Writes a property with the annotation that its type needs. Null is left out, which is what the service does with
    /// it: a null property is not stored, and in a merge it changes nothing.
    /// </summary>
    /// <exception cref="NotSupportedException">The service has no type for the value.</exception>
    public static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case long or ulong:
                WriteAnnotated(writer, name, EdmType.Int64, Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case double number:
                WriteDouble(writer, name, number);
                break;
            case DateTimeOffset time:
                WriteAnnotated(writer, name, EdmType.DateTime, Format(time.UtcDateTime));
                break;
            case DateTime time:
                WriteAnnotated(writer, name, EdmType.DateTime, Format(time.ToUniversalTime()));
                break;
            case Guid id:
                WriteAnnotated(writer, name, EdmType.Guid, id.ToString("D"));
                break;
            case byte[] bytes:
                writer.WriteString(name + SystemProperties.TypeSuffix, EdmType.Binary);
                writer.WriteBase64String(name, bytes);
                break;
            case BinaryData data:
                writer.WriteString(name + SystemProperties.TypeSuffix, EdmType.Binary);
                writer.WriteBase64String(name, data.ToMemory().Span);
                break;
            default:
                WriteUnannotated(writer, name, value);
                break;
        }
    }

    /// <summary>Reads a value as its JSON form and the annotation, if one came before it, tell.</summary>
    public static object? Read(ref Utf8JsonReader reader, string? type) => reader.TokenType switch
    {
        JsonTokenType.String => type is null or EdmType.String ? reader.GetString() : Annotate(reader.GetString()!, type),
        JsonTokenType.Number => ReadNumber(ref reader, type),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        var token => throw new NotSupportedException($"A table property cannot be a JSON {token}."),
    };

    /// <summary>Gives a value that was read without its annotation the type that the annotation names.</summary>
    public static object? Annotate(object? value, string type) => (type, value) switch
    {
        (_, null) => null,
        (EdmType.Binary, string text) => Convert.FromBase64String(text),
        (EdmType.DateTime, string text) => ReadTime(text),
        (EdmType.Guid, string text) => Guid.Parse(text),
        (EdmType.Int64, string text) => long.Parse(text, CultureInfo.InvariantCulture),
        (EdmType.Int64, int number) => (long)number,
        (EdmType.Double, string text) => ReadDouble(text),
        (EdmType.Double, int or long) => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        (EdmType.Int64 or EdmType.Double or EdmType.Int32 or EdmType.String or EdmType.Boolean, _) => value,
        _ => throw new NotSupportedException($"Not supported type {type}"),
    };

    public static DateTimeOffset ReadTime(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static double ReadDouble(string text) => text switch
    {
        "INF" => double.PositiveInfinity,
        "-INF" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    public static string Format(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    private static object ReadNumber(ref Utf8JsonReader reader, string? type)
    {
        if (type == EdmType.Double)
        {
            return reader.GetDouble();
        }

        if (type != EdmType.Int64 && reader.TryGetInt32(out var number))
        {
            return number;
        }

        return reader.TryGetInt64(out var large) ? large : reader.GetDouble();
    }

    private static void WriteDouble(Utf8JsonWriter writer, string name, double number)
    {
        writer.WriteString(name + SystemProperties.TypeSuffix, EdmType.Double);
        if (double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            // JSON has no such numbers; invariant names: NaN, Infinity, -Infinity.
            writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteAnnotated(Utf8JsonWriter writer, string name, string type, string value)
    {
        writer.WriteString(name + SystemProperties.TypeSuffix, type);
        writer.WriteString(name, value);
    }

    private static void WriteUnannotated(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case float number:
                writer.WriteNumber(name, number);
                break;
            case decimal number:
                writer.WriteNumber(name, number);
                break;
            case TimeSpan span:
                writer.WriteString(name, XmlConvert.ToString(span));
                break;
            default:
                throw new NotSupportedException($"Not supported type {value.GetType()}");
        }
    }
}
