using System.Text.Json;
using Azure.Data.Tables;

namespace FunctionsBroker.Local.Storage.Tables.Entities;

/// <summary>Reads entities straight from the answer's bytes.</summary>
internal static class EntityReader
{
    public static T ReadOne<T>(ReadOnlyMemory<byte> json)
        where T : class, ITableEntity
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return Read<T>(ref reader);
    }

    /// <summary>Reads the page of a query: an object whose <c>value</c> is an array of entities.</summary>
    public static IReadOnlyList<T> ReadPage<T>(ReadOnlyMemory<byte> json)
        where T : class, ITableEntity
    {
        var entities = new List<T>();
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                entities.Add(Read<T>(ref reader));
            }
        }

        return entities;
    }

    private static T Read<T>(ref Utf8JsonReader reader)
        where T : class, ITableEntity
    {
        var entity = Activator.CreateInstance<T>();
        switch (entity)
        {
            case TableEntity properties:
                ReadProperties(ref reader, properties);
                break;
            case IDictionary<string, object?> dictionary:
                var read = new TableEntity();
                ReadProperties(ref reader, read);
                foreach (var (name, value) in (IDictionary<string, object?>)read)
                {
                    dictionary[name] = value;
                }

                break;
            default:
                ReadMembers(ref reader, entity);
                break;
        }

        return entity;
    }

    // An annotation may come before or after the property that it is for.
    private static void ReadProperties(ref Utf8JsonReader reader, TableEntity entity)
    {
        Dictionary<string, string>? early = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "odata.metadata")
            {
                continue;
            }

            if (!name.EndsWith(SystemProperties.TypeSuffix, StringComparison.Ordinal))
            {
                var type = name == SystemProperties.Timestamp ? EdmType.DateTime : early?.GetValueOrDefault(name);
                entity.SetRead(name, WireValue.Read(ref reader, type));
                continue;
            }

            var annotated = name[..^SystemProperties.TypeSuffix.Length];
            var annotation = reader.GetString()!;
            if (!entity.TryGetValue(annotated, out var value))
            {
                (early ??= [])[annotated] = annotation;
            }
            else if (annotated != SystemProperties.Timestamp)
            {
                entity.SetRead(annotated, WireValue.Annotate(value, annotation));
            }
        }
    }

    private static void ReadMembers(ref Utf8JsonReader reader, object entity)
    {
        var model = EntityModel.Of(entity.GetType());
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (model.Member(name == SystemProperties.ODataETag ? SystemProperties.ETag : name) is { Set: { } set } member)
            {
                set(entity, MemberValue.Read(ref reader, member));
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
