using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Serialization;

/// <summary>Reads an id that may be a whole number, as those of many chat systems are, as its digits.</summary>
internal sealed class IdTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return reader.GetString();
        }

        using var number = JsonDocument.ParseValue(ref reader);
        var digits = number.RootElement.GetRawText();
        return digits.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9') ? throw new JsonException() : digits;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
