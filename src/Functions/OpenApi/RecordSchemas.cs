using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Functions.OpenAi.Wire;

namespace FunctionsBroker.Functions.OpenApi;

/// <summary>JSON schemas (2020-12) of the records that a document refers to, and of those that they refer to.</summary>
/// <param name="finders">Each finds a record by its name, as its serializer sees it; the first that knows it counts.</param>
internal sealed class RecordSchemas(params Func<string, JsonTypeInfo?>[] finders)
{
    private const string Reference = "$ref";
    private const string Type = "type";
    private const string Prefix = "#/components/schemas/";

    private static readonly JsonSchemaExporterOptions s_plain = new() { TreatNullObliviousAsNonNullable = true };

    private readonly SortedDictionary<string, JsonTypeInfo> _records = new(StringComparer.Ordinal);

    /// <summary>Takes note of every record that stands in the document as a reference.</summary>
    /// <exception cref="InvalidOperationException">There is no record of that name.</exception>
    public void AddReferences(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members when members[Reference]?.GetValue<string>() is { } target && target.StartsWith(Prefix, StringComparison.Ordinal):
                Add(target[Prefix.Length..]);
                break;
            case JsonObject members:
                foreach (var (_, member) in members.Where(member => member.Value is not null))
                {
                    AddReferences(member!);
                }

                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>())
                {
                    AddReferences(item);
                }

                break;
        }
    }

    /// <returns>By name.</returns>
    public JsonObject Make()
    {
        var made = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        while (_records.FirstOrDefault(record => !made.ContainsKey(record.Key)) is { Key: { } name, Value: { } type })
        {
            // May come upon further records.
            made[name] = OfRecord(type);
        }

        return new JsonObject(made);
    }

    private void Add(string name) =>
        _records.TryAdd(name, finders.Select(find => find(name)).FirstOrDefault(found => found is not null)
            ?? throw new InvalidOperationException($"There is no record '{name}'."));

    private JsonObject OfRecord(JsonTypeInfo type)
    {
        var properties = new JsonObject();
        foreach (var property in type.Properties.Where(property => property.Get is not null))
        {
            properties[property.Name] = OfProperty(property, type);
        }

        return new JsonObject
        {
            [Type] = "object",
            ["required"] = new JsonArray([.. type.Properties.Where(property => property.IsRequired).Select(property => JsonValue.Create(property.Name))]),
            ["properties"] = properties,
        };
    }

    private JsonObject OfProperty(JsonPropertyInfo property, JsonTypeInfo owner)
    {
        var schema = Of(owner.Options.GetTypeInfo(property.PropertyType));
        if (property.CustomConverter is ContentConverter)
        {
            return AnyOf(new JsonObject { [Type] = "string" }, schema, Null());
        }

        return property switch
        {
            { IsGetNullable: false } => schema,
            _ when schema[Type] is JsonValue type => new JsonObject(schema.Select(Copy)) { [Type] = new JsonArray(type.GetValue<string>(), "null") },
            _ when schema.ContainsKey(Reference) => AnyOf(schema, Null()),
            _ => schema,
        };
    }

    private JsonObject Of(JsonTypeInfo type)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                _records.TryAdd(type.Type.Name, type);
                return new JsonObject { [Reference] = Prefix + type.Type.Name };
            case JsonTypeInfoKind.Enumerable:
                return new JsonObject { [Type] = "array", ["items"] = Of(type.Options.GetTypeInfo(type.ElementType!)) };
            case JsonTypeInfoKind.Dictionary:
                return new JsonObject { [Type] = "object", ["additionalProperties"] = Of(type.Options.GetTypeInfo(type.ElementType!)) };
            default:
                return OfValue(type);
        }
    }

    private static JsonObject OfValue(JsonTypeInfo type)
    {
        // The serializer reads numbers from strings too; that is forbearance and no promise.
        var value = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return value == typeof(int) || value == typeof(long) ? new JsonObject { [Type] = "integer" }
            : value == typeof(double) || value == typeof(decimal) ? new JsonObject { [Type] = "number" }

            // What may be anything is no object but the word true.
            : type.GetJsonSchemaAsNode(s_plain) as JsonObject ?? [];
    }

    private static JsonObject AnyOf(params JsonObject[] schemas) => new() { ["anyOf"] = new JsonArray([.. schemas]) };

    private static JsonObject Null() => new() { [Type] = "null" };

    private static KeyValuePair<string, JsonNode?> Copy(KeyValuePair<string, JsonNode?> member) => new(member.Key, member.Value?.DeepClone());
}
