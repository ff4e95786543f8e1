using System.Text.Json;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>What stands at one key of a JSON file.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Value">Its text; null for null and for containers.</param>
/// <param name="Offset">Where its name begins (an array's item: where it begins), in bytes.</param>
internal sealed record JsonFileToken(JsonValueKind Kind, string? Value, int Offset)
{
    public bool IsContainer => Kind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>What it is, as a message says it.</summary>
    public string Description => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        JsonValueKind.String => $"\"{Value}\"",
        _ => Value!.ToLowerInvariant(),
    };
}
