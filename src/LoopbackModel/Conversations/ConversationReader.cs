using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FunctionsBroker.LoopbackModel.Requests;

namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>Reads a request body of <c>POST /v1/messages</c>.</summary>
/// <remarks>One instance reads one request.</remarks>
internal sealed class ConversationReader
{
    private readonly List<string> _turns = [];
    private readonly List<ToolResult> _results = [];
    private readonly List<ReceivedAttachment> _attachments = [];
    private readonly Dictionary<string, string> _toolNames = [];
    private readonly StringBuilder _said = new();
    private bool _continues;
    private bool _caches;
    private long _cached;
    private long _new;

    /// <summary>Reads a request.</summary>
    /// <param name="root">The request body.</param>
    /// <param name="sessionId">The session id header of the CLI, if sent.</param>
    /// <exception cref="FormatException">It is not a request of the Messages API; the message names the member.</exception>
    public static Conversation Read(JsonElement root, string? sessionId)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("messages: Field required");
        }

        return new ConversationReader().Read(root, messages, sessionId);
    }

    private Conversation Read(JsonElement root, JsonElement messages, string? sessionId)
    {
        _new = RawLength(root, "system") + RawLength(root, "tools");
        _caches = root.TryGetProperty("system", out var system) && MentionsCache(system);
        foreach (var message in messages.EnumerateArray())
        {
            ReadMessage(message);
        }

        return new Conversation
        {
            Id = sessionId ?? SessionIdOf(root) ?? $"anonymous:{(_turns.Count > 0 ? _turns[0] : "")}",
            Model = Text(root, "model") ?? throw new FormatException("model: Field required"),
            Stream = root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
            Kind = KindOf(root),
            MessageCount = messages.GetArrayLength(),
            Turns = _turns,
            ToolResults = _results,
            Attachments = _attachments,
            Said = _said.ToString(),
            Continues = _continues,
            Size = new RequestSize(_cached, _new, _caches),
            Raw = _turns is [.., var prompt] && SearchPhrase.IsIn(prompt) ? root.GetRawText() : "",
        };
    }

    private void ReadMessage(JsonElement message)
    {
        var content = message.TryGetProperty("content", out var value) ? value : throw new FormatException("messages.content: Field required");
        switch (Text(message, "role"))
        {
            case "user":
                ReadUser(content);
                break;
            case "assistant":
                // Up to here the earlier request has cached; its answer and what follows are new to the cache.
                _cached += _new;
                _new = 0;
                _continues = false;
                ReadAssistant(content);
                break;
            case "system":
                // The CLI puts the environment between the messages under this role.
                Blocks(content);
                break;
            default:
                throw new FormatException("messages.role: Input should be 'user' or 'assistant'");
        }
    }

    private void ReadUser(JsonElement content)
    {
        foreach (var block in Blocks(content))
        {
            if (block.Type == "tool_result")
            {
                _results.Add(ResultOf(block.Element));
            }
            else if (block is { Type: "text", Text: { } text })
            {
                ReadUserText(text);
            }
            else if (block is { Type: "image" or "document" })
            {
                _attachments.Add(AttachmentOf(block.Element));
            }
        }
    }

    // Every text block is a turn: the CLI puts a prompt that got no answer and the next one into one message.
    private void ReadUserText(string text)
    {
        if (CompactionText.TurnsIn(text) is { } earlier)
        {
            _turns.AddRange(earlier);
            return;
        }

        _continues = SyntheticText.AsksToContinue(text);
        var (told, rest) = EarlierMessages.Split(text);
        _turns.AddRange(told);
        if (SyntheticText.Strip(rest) is { Length: > 0 } said)
        {
            _turns.Add(said);
            _results.Clear();
            _said.Clear();
        }
    }

    private void ReadAssistant(JsonElement content)
    {
        foreach (var block in Blocks(content))
        {
            if (block.Type == "text")
            {
                _said.Append(block.Text);
            }
            else if (block.Type == "tool_use" && Text(block.Element, "id") is { } id)
            {
                _toolNames[id] = Text(block.Element, "name") ?? "";
            }
        }
    }

    // Content is one string or an array of blocks. A text weighs the same in either form, and with or without the cache
    // marker, which moves from message to message.
    private List<Block> Blocks(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            var text = content.GetString()!;
            _new += text.Length;
            return [new Block("text", text, content)];
        }

        var blocks = new List<Block>();
        foreach (var element in content.EnumerateArray())
        {
            var block = new Block(Text(element, "type"), Text(element, "text"), element);
            _caches |= element.TryGetProperty("cache_control", out _);
            _new += block.Text?.Length ?? (RawLength(element, "input") + RawLength(element, "content"));
            blocks.Add(block);
        }

        return blocks;
    }

    private ToolResult ResultOf(JsonElement block)
    {
        var text = block.TryGetProperty("content", out var content) ? content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Join('\n', content.EnumerateArray().Select(part => Text(part, "text"))),
            _ => "",
        } : "";
        var isError = block.TryGetProperty("is_error", out var error) && error.ValueKind == JsonValueKind.True;
        return new ToolResult(_toolNames.GetValueOrDefault(Text(block, "tool_use_id") ?? "", "?"), text, isError);
    }

    private static ReceivedAttachment AttachmentOf(JsonElement block)
    {
        var source = block.TryGetProperty("source", out var value) ? value : default;
        var data = Text(source, "data") ?? "";
        return new ReceivedAttachment
        {
            Type = Text(block, "type") ?? "",
            MediaType = Text(source, "media_type"),
            Title = Text(block, "title"),
            Bytes = Text(source, "type") == "base64" ? Convert.FromBase64String(data).Length : Encoding.UTF8.GetByteCount(data),
        };
    }

    private RequestKind KindOf(JsonElement root)
    {
        var asksForJson = root.TryGetProperty("output_config", out var output) && output.TryGetProperty("format", out _);
        var probesQuota = root.TryGetProperty("max_tokens", out var maximum) && maximum.TryGetInt32(out var tokens) && tokens == 1;
        if (asksForJson || probesQuota)
        {
            return RequestKind.Side;
        }

        return _turns.Count > 0 && CompactionText.IsRequest(_turns[^1]) ? RequestKind.Compaction : RequestKind.Turn;
    }

    // metadata.user_id of the CLI is JSON in a string, with session_id inside.
    private static string? SessionIdOf(JsonElement root)
    {
        if (!root.TryGetProperty("metadata", out var metadata) || Text(metadata, "user_id") is not ['{', ..] userId)
        {
            return null;
        }

        using var document = JsonDocument.Parse(userId);
        return Text(document.RootElement, "session_id");
    }

    private static bool MentionsCache(JsonElement system) =>
        system.ValueKind == JsonValueKind.Array && system.EnumerateArray().Any(block => block.TryGetProperty("cache_control", out _));

    private static long RawLength(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? JsonMarshal.GetRawUtf8Value(value).Length : 0;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private readonly record struct Block(string? Type, string? Text, JsonElement Element);
}
