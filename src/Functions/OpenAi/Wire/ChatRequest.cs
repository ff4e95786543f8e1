using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>The body of <c>POST /v1/chat/completions</c>, as far as this program looks at it.</summary>
/// <remarks>
/// What is not here is ignored: how the model samples and how long it may answer is the profile's. What is here and not
/// done is refused, because a caller that asks for it reads the answer in another way.
/// </remarks>
internal sealed record ChatCompletionRequest
{
    /// <summary>The profile.</summary>
    public string? Model { get; init; }

    public IReadOnlyList<ChatMessage?>? Messages { get; init; }

    public bool? Stream { get; init; }

    public StreamOptions? StreamOptions { get; init; }

    /// <summary>Whose request it is; the session, where the setting wants that and the header does not name one. What is no text is ignored.</summary>
    [JsonConverter(typeof(UserConverter))]
    public string? User { get; init; }

    /// <summary>The texts at which the answer ends, without them.</summary>
    [JsonConverter(typeof(StopConverter))]
    public IReadOnlyList<string?>? Stop { get; init; }

    /// <summary>How many answers; there is one.</summary>
    public int? N { get; init; }

    /// <summary>Refused unless empty: the tools are the profile's, and run on the host.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Refused unless empty.</summary>
    public JsonElement? Functions { get; init; }

    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>Refused unless <c>["text"]</c>.</summary>
    public IReadOnlyList<string?>? Modalities { get; init; }

    /// <summary>Refused when true.</summary>
    public bool? Logprobs { get; init; }
}

/// <summary>How a stream is told.</summary>
internal sealed record StreamOptions
{
    /// <summary>Whether the last chunk has the usage.</summary>
    public bool? IncludeUsage { get; init; }
}

/// <summary>What an answer has to look like.</summary>
internal sealed record ResponseFormat
{
    /// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    public string? Type { get; init; }

    public NamedSchema? JsonSchema { get; init; }
}

/// <summary>A JSON schema; its name and description are ignored.</summary>
internal sealed record NamedSchema
{
    public JsonElement? Schema { get; init; }
}

/// <summary>A message of the conversation.</summary>
internal sealed record ChatMessage
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c>, <c>tool</c> or <c>function</c>.</summary>
    public string? Role { get; init; }

    [JsonConverter(typeof(ContentConverter))]
    public IReadOnlyList<ContentPart?>? Content { get; init; }

    /// <summary>In the place of the text where the model refused.</summary>
    public string? Refusal { get; init; }
}

/// <summary>A part of a message.</summary>
internal sealed record ContentPart
{
    public const string TextType = "text";
    public const string ImageType = "image_url";
    public const string FileType = "file";

    public string? Type { get; init; }

    public string? Text { get; init; }

    public ImageUrl? ImageUrl { get; init; }

    public FileData? File { get; init; }
}

/// <summary>An image of a message.</summary>
internal sealed record ImageUrl
{
    /// <summary>A <c>data:</c> URL; the broker fetches nothing.</summary>
    public string? Url { get; init; }
}

/// <summary>A file of a message.</summary>
internal sealed record FileData
{
    public string? Filename { get; init; }

    /// <summary>A <c>data:</c> URL.</summary>
    [JsonPropertyName("file_data")]
    public string? Data { get; init; }
}

/// <summary>A message's content is a text or a list of parts; a text is read as a list of one.</summary>
internal sealed class ContentConverter : JsonConverter<IReadOnlyList<ContentPart?>>
{
    public override IReadOnlyList<ContentPart?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? [new ContentPart { Type = ContentPart.TextType, Text = reader.GetString() }]
            : ReadParts(ref reader);

    private static IReadOnlyList<ContentPart?>? ReadParts(ref Utf8JsonReader reader)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, OpenAiJsonContext.Default.IReadOnlyListContentPart);
        }
        catch (JsonException)
        {
            // Its path begins at the list. Without one, that of the list itself is put in.
            throw new JsonException();
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ContentPart?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, OpenAiJsonContext.Default.IReadOnlyListContentPart);
}

/// <summary>One text is read as a list of one.</summary>
internal sealed class StopConverter : JsonConverter<IReadOnlyList<string?>>
{
    public override IReadOnlyList<string?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? [reader.GetString()]
            : JsonSerializer.Deserialize(ref reader, OpenAiJsonContext.Default.IReadOnlyListString);

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, OpenAiJsonContext.Default.IReadOnlyListString);
}

/// <summary>Clients send numbers, too.</summary>
internal sealed class UserConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var user = JsonDocument.ParseValue(ref reader);
        return user.RootElement.ValueKind switch
        {
            JsonValueKind.String => user.RootElement.GetString(),
            JsonValueKind.Number => user.RootElement.GetRawText(),
            _ => null,
        };
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
