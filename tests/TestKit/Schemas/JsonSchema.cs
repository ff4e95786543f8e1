using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FunctionsBroker.TestKit.Schemas;

/// <summary>Checks values against JSON schemas (2020-12), as far as this repository's documents use them.</summary>
/// <param name="document">What references point into.</param>
public sealed class JsonSchema(JsonElement document)
{
    /// <returns>What is wrong with the value, with its place; empty when it is as it should be.</returns>
    /// <remarks>A member that an object's schema does not name is a fault: these are documents of everything that is sent.</remarks>
    public IReadOnlyList<string> Check(JsonElement value, JsonElement schema)
    {
        var faults = new List<string>();
        Check(value, schema, "$", faults);
        return faults;
    }

    /// <summary>What a reference points to.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!.Split('/')[1..].Aggregate(
                document, (node, name) => node.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal)));
        }

        return schema;
    }

    private void Check(JsonElement value, JsonElement schema, string place, List<string> faults)
    {
        schema = Resolve(schema);
        foreach (var keyword in schema.EnumerateObject())
        {
            CheckKeyword(value, schema, keyword, place, faults);
        }
    }

    private void CheckKeyword(JsonElement value, JsonElement schema, JsonProperty keyword, string place, List<string> faults)
    {
        switch (keyword.Name)
        {
            case "type":
                Expect(IsOfType(value, keyword.Value), $"is no {keyword.Value}", place, faults);
                break;
            case "enum":
                Expect(keyword.Value.EnumerateArray().Any(option => JsonElement.DeepEquals(option, value)), $"is none of {keyword.Value}", place, faults);
                break;
            case "const":
                Expect(JsonElement.DeepEquals(keyword.Value, value), $"is not {keyword.Value}", place, faults);
                break;
            case "pattern":
                Expect(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), $"does not match {keyword.Value}", place, faults);
                break;
            case "minLength":
                Expect(value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(), "is too short", place, faults);
                break;
            case "minimum":
                Expect(value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal(), $"is less than {keyword.Value}", place, faults);
                break;
            case "maximum":
                Expect(value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= keyword.Value.GetDecimal(), $"is more than {keyword.Value}", place, faults);
                break;
            case "anyOf":
                Expect(keyword.Value.EnumerateArray().Any(option => Check(value, option).Count == 0), "is none of what it may be", place, faults);
                break;
            case "required" when value.ValueKind == JsonValueKind.Object:
                faults.AddRange(keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{place} has no '{name}'"));
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                CheckMembers(value, schema, keyword.Value, place, faults);
                break;
            case "items" when value.ValueKind == JsonValueKind.Array:
                CheckItems(value, keyword.Value, place, faults);
                break;
            case "required" or "properties" or "items" or "additionalProperties" or "format" or "description" or "title" or "$schema" or "$id" or "$defs":
                break;
            default:
                throw new NotSupportedException($"The keyword '{keyword.Name}' is not known here.");
        }
    }

    private void CheckMembers(JsonElement value, JsonElement schema, JsonElement properties, string place, List<string> faults)
    {
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : (JsonElement?)null;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var known))
            {
                Check(member.Value, known, $"{place}.{member.Name}", faults);
            }
            else
            {
                Expect(others is not null, $"has a member '{member.Name}' that its schema does not know", place, faults);
            }
        }
    }

    private void CheckItems(JsonElement value, JsonElement items, string place, List<string> faults)
    {
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            Check(item, items, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"), faults);
        }
    }

    private static void Expect(bool holds, string fault, string place, List<string> faults)
    {
        if (!holds)
        {
            faults.Add($"{place} {fault}");
        }
    }

    private static bool IsOfType(JsonElement value, JsonElement type) =>
        type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(option => IsOfType(value, option))
            : type.GetString() switch
            {
                "object" => value.ValueKind == JsonValueKind.Object,
                "array" => value.ValueKind == JsonValueKind.Array,
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "null" => value.ValueKind == JsonValueKind.Null,
                "number" => value.ValueKind == JsonValueKind.Number,
                "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                var other => throw new NotSupportedException($"The type '{other}' is not known here."),
            };
}
