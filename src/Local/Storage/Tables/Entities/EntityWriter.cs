using System.Buffers;
using System.Text.Json;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>Writes entities as the service wants them: without ETag and timestamp, which it sets itself.</summary>
internal static class EntityWriter
{
    private const int TypicalSize = 1024;

    /// <exception cref="NotSupportedException">A property is of a type that the service cannot hold.</exception>
    /// <exception cref="Azure.RequestFailedException">The entity is larger than the service allows.</exception>
    public static ReadOnlyMemory<byte> Write(object entity)
    {
        var buffer = new ArrayBufferWriter<byte>(TypicalSize);
        Write(buffer, entity);
        return buffer.WrittenMemory;
    }

    public static void Write(IBufferWriter<byte> buffer, object entity)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (entity is IDictionary<string, object> properties)
        {
            WriteProperties(writer, properties);
        }
        else
        {
            WriteMembers(writer, entity);
        }

        writer.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter writer, IDictionary<string, object> properties)
    {
        var limits = default(EntityLimits);
        foreach (var (name, value) in properties)
        {
            if (value is Enum)
            {
                throw new NotSupportedException("Enum values are only supported for custom model types implementing ITableEntity.");
            }

            if (name is not (SystemProperties.ODataETag or SystemProperties.Timestamp))
            {
                limits.Count(name, value);
                WireValue.Write(writer, name, value);
            }
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, object entity)
    {
        var limits = default(EntityLimits);
        foreach (var member in EntityModel.Of(entity.GetType()).Members)
        {
            if (member.Name is not (SystemProperties.ETag or SystemProperties.Timestamp))
            {
                var value = member.Get?.Invoke(entity);
                value = value is Enum ? value.ToString() : value;
                limits.Count(member.Name, value);
                WireValue.Write(writer, member.Name, value);
            }
        }
    }
}
