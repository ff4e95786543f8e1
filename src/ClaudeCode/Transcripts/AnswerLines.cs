using System.Text.Json;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Puts an answer together from the transcript's assistant lines: one for each block of a message, and of several messages the last.</summary>
internal sealed class AnswerLines
{
    private const string SyntheticModel = "<synthetic>";
    private string? _apiMessageId;
    private string _text = string.Empty;
    private bool _finished;
    private TokenUsage _usage = new();
    private TokenUsage _earlierUsage = new();

    /// <summary>Whether a tool was called.</summary>
    public bool ToolsUsed { get; private set; }

    /// <summary>Whether the CLI itself ended the turn, telling of an error of the model.</summary>
    public bool Failed { get; private set; }

    /// <summary>The kind of that error, and what the CLI says of it.</summary>
    public (string? Kind, string Text) Failure { get; private set; } = (null, string.Empty);

    /// <summary>The answer, if the lines so far end with a whole one.</summary>
    public TranscriptAnswer? Answer => _finished ? new TranscriptAnswer(_text, _usage) : null;

    /// <summary>Of all calls to the model.</summary>
    public TokenUsage TotalUsage => Add(_earlierUsage, _usage);

    /// <summary>The user line is there; what came before it does not belong to the answer.</summary>
    public void Begin()
    {
        _apiMessageId = null;
        _finished = false;
        Failed = false;
    }

    /// <summary>Something follows, so that the answer is not whole yet.</summary>
    public void GoOn() => _finished = false;

    public void Accept(JsonElement line, JsonElement message)
    {
        Failed = line.Flag("isApiErrorMessage");
        if (Failed || message.Text("model") == SyntheticModel)
        {
            Failure = (line.Text("error"), MessageContent.TextOf(message) ?? string.Empty);
            _finished = false;
            return;
        }

        ToolsUsed |= MessageContent.CallsTool(message);
        var id = message.Text("id");
        var text = MessageContent.TextOf(message) ?? string.Empty;
        if (id == _apiMessageId)
        {
            _text += text;
        }
        else
        {
            _text = text;
            _earlierUsage = TotalUsage;
        }

        _apiMessageId = id;
        _finished = message.Text("stop_reason") is not (null or "tool_use");
        _usage = message.Member("usage") is { } usage ? CliMessageReader.ReadUsage(usage) : new TokenUsage();
    }

    private static TokenUsage Add(TokenUsage one, TokenUsage other) => new()
    {
        InputTokens = one.InputTokens + other.InputTokens,
        OutputTokens = one.OutputTokens + other.OutputTokens,
        CacheReadTokens = one.CacheReadTokens + other.CacheReadTokens,
        CacheWriteTokens = one.CacheWriteTokens + other.CacheWriteTokens,
    };
}
