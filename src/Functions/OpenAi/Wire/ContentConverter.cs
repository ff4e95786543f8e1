using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A message's content is a text or a list of parts; a text is read as a list of one.</summary>
internal sealed class ContentConverter : JsonConverter<IReadOnlyList<ContentPart?>>
{
    public override IReadOnlyList<ContentPart?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? [new ContentPart { Type = ContentPart.TextType, Text = reader.GetString() }]
            : JsonSerializer.Deserialize(ref reader, OpenAiJsonContext.Default.IReadOnlyListContentPart);

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ContentPart?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, OpenAiJsonContext.Default.IReadOnlyListContentPart);
}
