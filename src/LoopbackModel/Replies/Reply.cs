using System.Text.Json;
using FunctionsBroker.LoopbackModel.Answers;
using FunctionsBroker.LoopbackModel.Conversations;

namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>An answer with everything the API says beside it.</summary>
internal sealed record Reply(string MessageId, string Model, Answer Answer, string StopReason, Usage Usage)
{
    public string ToolUseId => $"toolu_{MessageId[4..]}";

    public static Reply Create(string model, Answer answer, string? stop, Func<long, Usage> usage)
    {
        var (said, reason) = (answer, stop) switch
        {
            (_, "refusal") => (new Answer.Text(""), stop),
            (Answer.Text text, "max_tokens") => (new Answer.Text(text.Value[..(text.Value.Length / 2)]), stop),
            (Answer.ToolCall, _) => (answer, "tool_use"),
            _ => (answer, "end_turn"),
        };
        var characters = said switch
        {
            Answer.Text text => text.Value.Length,
            Answer.ToolCall call => call.Name.Length + call.InputJson.Length,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return new Reply($"msg_{Guid.NewGuid():N}", model, said, reason, usage(characters));
    }

    /// <summary>Writes the members of a message; a stream announces it without content, stop reason and output.</summary>
    public void WriteMessage(Utf8JsonWriter json, bool announced)
    {
        json.WriteString("id", MessageId);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", Model);
        json.WriteStartArray("content");
        if (!announced)
        {
            WriteContent(json);
        }

        json.WriteEndArray();
        json.WriteString("stop_reason", announced ? null : StopReason);
        json.WriteNull("stop_sequence");
        Usage.Write(json, announced ? 1 : Usage.Output);
    }

    private void WriteContent(Utf8JsonWriter json)
    {
        if (Answer is Answer.Text { Value.Length: 0 })
        {
            return;
        }

        json.WriteStartObject();
        if (Answer is Answer.ToolCall call)
        {
            json.WriteString("type", "tool_use");
            json.WriteString("id", ToolUseId);
            json.WriteString("name", call.Name);
            json.WritePropertyName("input");
            json.WriteRawValue(call.InputJson);
        }
        else if (Answer is Answer.Text text)
        {
            json.WriteString("type", "text");
            json.WriteString("text", text.Value);
        }

        json.WriteEndObject();
    }
}

/// <summary>
/// The tokens of one request, four characters to a token. Without cache markers all of the request is input. With them,
/// everything before the last answer is read from the cache, that answer and what follows it is written to the cache,
/// and one token is input: so a longer conversation costs more, and what is read now is what was read and written before.
/// </summary>
internal sealed record Usage(long Input, long CacheCreation, long CacheRead, long Output)
{
    public static Usage Of(RequestSize size, long outputCharacters)
    {
        var output = Math.Max(1, RequestSize.Tokens(outputCharacters));
        var read = RequestSize.Tokens(size.Cached);
        var all = RequestSize.Tokens(size.Cached + size.New);
        return size.Caches ? new Usage(1, all - read, read, output) : new Usage(all, 0, 0, output);
    }

    /// <summary>Writes the <c>usage</c> member.</summary>
    public void Write(Utf8JsonWriter json, long output)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", Input);
        json.WriteNumber("cache_creation_input_tokens", CacheCreation);
        json.WriteNumber("cache_read_input_tokens", CacheRead);
        json.WriteNumber("output_tokens", output);
        json.WriteEndObject();
    }
}
