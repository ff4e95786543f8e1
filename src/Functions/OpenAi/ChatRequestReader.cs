using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.OpenAi.Wire;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Reads a chat completion request.</summary>
internal static class ChatRequestReader
{
    private const int MaxStops = 4;

    public static ChatReading Read(ChatCompletionRequest body)
    {
        if (UnsupportedOption(body) is { } option)
        {
            return new ChatReading.Invalid(ProblemCatalogue.UnsupportedOption(option), option);
        }

        if (string.IsNullOrEmpty(body.Model))
        {
            return Invalid("Name a profile as 'model'; GET /v1/models lists them.", "model");
        }

        if (body.Messages is not { Count: > 0 })
        {
            return Invalid("Send at least one message.", "messages");
        }

        var (messages, fault) = MessageReader.Read(body.Messages);
        if (fault is not null)
        {
            return fault;
        }

        if (messages.All(message => message.Role == ChatRole.Instructions))
        {
            return Invalid("Send a message of the user.", "messages");
        }

        if (body.Stop is { } stop && (stop.Count > MaxStops || stop.Any(string.IsNullOrEmpty)))
        {
            return Invalid($"'stop' is a text, or up to {MaxStops} of them.", "stop");
        }

        return ReadFormat(body.ResponseFormat, out var format) is { } wrong
            ? Invalid(wrong, "response_format")
            : new ChatReading.Read(new ChatRequest
            {
                Model = body.Model,
                Conversation = new ChatConversation(messages),
                User = string.IsNullOrEmpty(body.User) ? null : body.User,
                Stop = new StopSequences([.. (body.Stop ?? []).OfType<string>()]),
                Format = format,
            });
    }

    private static string? ReadFormat(ResponseFormat? asked, out AnswerFormat? format)
    {
        format = null;
        switch (asked)
        {
            case null or { Type: null or "text" }:
                return null;
            case { Type: "json_object" }:
                format = AnswerFormat.AnyObject;
                return null;
            case { Type: "json_schema", JsonSchema.Schema: { } schema }:
                format = AnswerFormat.Of(schema, out var fault);
                return fault is null ? null : $"'json_schema.schema' is no JSON schema: {fault}";
            case { Type: "json_schema" }:
                return "'json_schema.schema' is missing.";
            default:
                return "'response_format' is of type 'text', 'json_object' or 'json_schema'.";
        }
    }

    private static string? UnsupportedOption(ChatCompletionRequest body) => body switch
    {
        { N: not (null or 1) } => "n",
        { Tools: { } tools } when HasItems(tools) => "tools",
        { Functions: { } functions } when HasItems(functions) => "functions",
        { Modalities: { } modalities } when modalities.Any(modality => modality != "text") => "modalities",
        { Logprobs: true } => "logprobs",
        _ => null,
    };

    private static bool HasItems(JsonElement list) =>
        list.ValueKind != JsonValueKind.Null && !(list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == 0);

    private static ChatReading.Invalid Invalid(string detail, string param) =>
        new(ProblemCatalogue.InvalidRequest(detail), param);
}
