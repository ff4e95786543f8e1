using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.OpenAi.Wire;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Makes a turn of a chat completion request.</summary>
internal static class ChatRequestReader
{
    /// <param name="body">The request.</param>
    /// <param name="sessionId">The session that the header names; null when there is none.</param>
    /// <param name="turnId">The turn's id, from which a request that names no session has the name of its own.</param>
    public static ChatReading Read(ChatCompletionRequest body, string? sessionId, string turnId)
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

        if (messages[^1].Role != ChatRole.User)
        {
            return Invalid("The last message must be the user's.", "messages");
        }

        var kept = sessionId ?? body.User;
        var prompt = ConversationPrompt.Make(messages, isKept: kept is not null);
        return new ChatReading.Turn(kept ?? OwnSession(turnId), new SubmitTurnRequest
        {
            Prompt = prompt.Text,
            Profile = body.Model,
            Attachments = prompt.Attachments.Count == 0 ? null : prompt.Attachments,
        });
    }

    private static string? UnsupportedOption(ChatCompletionRequest body) => body switch
    {
        { N: not (null or 1) } => "n",
        { Tools: { } tools } when HasItems(tools) => "tools",
        { Functions: { } functions } when HasItems(functions) => "functions",
        { ResponseFormat.Type: not (null or "text") } => "response_format",
        { Modalities: { } modalities } when modalities.Any(modality => modality != "text") => "modalities",
        { Logprobs: true } => "logprobs",
        _ => null,
    };

    private static bool HasItems(JsonElement list) =>
        list.ValueKind != JsonValueKind.Null && !(list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == 0);

    /// <summary>The same for every repetition of a request under the same key, and nobody else's.</summary>
    private static string OwnSession(string turnId) =>
        $"chat-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(turnId)))[..32]}";

    private static ChatReading.Invalid Invalid(string detail, string param) =>
        new(ProblemCatalogue.InvalidRequest(detail), param);
}
