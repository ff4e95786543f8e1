using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads members of an object that may lack them: absent and null are the same.</summary>
internal static class JsonElementExtensions
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    public static bool Flag(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.True };

    public static long Integer(this JsonElement element, string name) => element.OptionalInteger(name) ?? 0;

    public static long? OptionalInteger(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } member
            ? member.TryGetInt64(out var whole) ? whole : (long)member.GetDouble()
            : null;

    public static decimal Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDecimal(out var number) ? number : 0;

    public static IReadOnlyList<string> Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } member
            ? [.. member.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null).OfType<string>()]
            : [];
}
