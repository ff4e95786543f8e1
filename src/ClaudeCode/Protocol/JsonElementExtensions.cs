using System.Runtime.InteropServices;
using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads members of an object that may lack them: absent and null are the same.</summary>
internal static class JsonElementExtensions
{
    private const long Largest = 100_000_000_000_000;

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } member ? member.Value() : null;

    /// <summary>A string's value, whatever is in it.</summary>
    /// <param name="keepHalves">Whether half a character stays what it is, because the other half is to come.</param>
    public static string Value(this JsonElement text, bool keepHalves = false)
    {
        try
        {
            return text.GetString() ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            return LenientText.Read(JsonMarshal.GetRawUtf8Value(text), keepHalves);
        }
    }

    public static bool Flag(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.True };

    public static long Integer(this JsonElement element, string name) => element.OptionalInteger(name) ?? 0;

    /// <summary>A number cut to ±10^14, so that sums of them stay numbers.</summary>
    public static long? OptionalInteger(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } member
            ? Math.Clamp(member.TryGetInt64(out var whole) ? whole : (long)member.GetDouble(), -Largest, Largest)
            : null;

    /// <inheritdoc cref="OptionalInteger"/>
    public static decimal Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } member && member.TryGetDecimal(out var number)
            ? Math.Clamp(number, -Largest, Largest)
            : 0;

    public static IReadOnlyList<string> Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } member
            ? [.. member.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.Value())]
            : [];
}
