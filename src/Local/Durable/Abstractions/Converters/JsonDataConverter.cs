using System.Text.Json;

namespace Microsoft.DurableTask.Converters;

/// <summary>
/// JSON by System.Text.Json. As in the published package the defaults are the general ones (member names unchanged,
/// case-sensitive) with public fields included, not those of web APIs.
/// </summary>
public class JsonDataConverter(JsonSerializerOptions? options = null) : DataConverter
{
    private static readonly JsonSerializerOptions s_defaultOptions = new() { IncludeFields = true };

    private readonly JsonSerializerOptions _options = options ?? s_defaultOptions;

    public static JsonDataConverter Default { get; } = new();

    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, _options);

    public override object? Deserialize(string? data, Type targetType) =>
        data is null ? null : JsonSerializer.Deserialize(data, targetType, _options);
}
