using System.Globalization;
using System.Text.Json;
using Azure;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>Reads a value as the type of the member that takes it, which makes annotations superfluous.</summary>
internal static class MemberValue
{
    /// <exception cref="InvalidOperationException">What is stored cannot become the member's type.</exception>
    /// <exception cref="NotSupportedException">The member's type is none that can be stored.</exception>
    public static object? Read(ref Utf8JsonReader reader, EntityMember member)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        try
        {
            return Read(ref reader, member.Type);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidOperationException(
                $"The stored value of property '{member.Name}' cannot be read as {member.Type}.", exception);
        }
    }

    private static object? Read(ref Utf8JsonReader reader, Type type)
    {
        if (type.IsEnum)
        {
            return Enum.Parse(type, reader.GetString()!);
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => reader.GetString(),
            TypeCode.Boolean => reader.GetBoolean(),
            TypeCode.Int32 => reader.GetInt32(),
            TypeCode.Int64 => long.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
            TypeCode.UInt64 => ulong.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
            TypeCode.Double => reader.TokenType == JsonTokenType.String ? WireValue.ReadDouble(reader.GetString()!) : reader.GetDouble(),
            TypeCode.DateTime => WireValue.ReadTime(reader.GetString()!).UtcDateTime,
            _ when type == typeof(DateTimeOffset) => WireValue.ReadTime(reader.GetString()!),
            _ when type == typeof(Guid) => reader.GetGuid(),
            _ when type == typeof(byte[]) => reader.GetBytesFromBase64(),
            _ when type == typeof(BinaryData) => BinaryData.FromBytes(reader.GetBytesFromBase64()),
            _ when type == typeof(ETag) => new ETag(reader.GetString()!),
            _ => throw new NotSupportedException($"Not supported type {type}"),
        };
    }
}
