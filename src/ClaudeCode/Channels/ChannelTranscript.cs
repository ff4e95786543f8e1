using System.Text.Json;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Follows one turn through the transcript while it is written, and tells listeners what happens.</summary>
/// <remarks>
/// Measured on 2.1.329, interactive: a user line has the hooks' <c>prompt_id</c> as <c>promptId</c>; the turn's last line
/// is of the subtype <c>turn_duration</c>; a prompt that was interrupted before the first output is not there at all.
/// Reads only what was appended, and complete lines only. Not safe for concurrent use.
/// </remarks>
internal sealed class ChannelTranscript(TranscriptCursor cursor, ChannelMark mark, ITurnObserver observer)
{
    private readonly AnswerLines _answer = new();
    private readonly StreamedText _text = new(observer);
    private readonly List<string> _replies = [];
    private readonly HashSet<string> _promptIds = new(StringComparer.Ordinal);
    private bool _inTurn;
    private bool _over;
    private bool _interrupted;
    private int _lines;
    private string? _promptId;

    /// <summary>A prompt that the CLI has told of is this turn's, whatever its text.</summary>
    public void Know(string promptId) => _promptIds.Add(promptId);

    /// <summary>Reads what was appended since.</summary>
    public async Task<ChannelTrace> ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in cursor.ReadAsync(cancellationToken))
        {
            if (line.Dropped == 0)
            {
                TranscriptLine.Read(line.Bytes, Accept);
            }
        }

        return new ChannelTrace
        {
            Lines = _lines,
            PromptId = _promptId,
            Answer = _answer.Answer?.Text,
            Replies = [.. _replies],
            IsOver = _over,
            IsInterrupted = _interrupted,
            Failure = _answer.Failed ? _answer.Failure : null,
            ToolsUsed = _answer.ToolsUsed,
            Usage = _answer.TotalUsage,
        };
    }

    private void Accept(JsonElement line)
    {
        if (line.Flag("isSidechain"))
        {
            return;
        }

        var type = line.Text("type");
        if (type == "system" && _inTurn)
        {
            _lines++;
            _over |= line.Text("subtype") == "turn_duration";
        }
        else if (line.Member("message") is { } message)
        {
            Accept(type, line, message);
        }
    }

    private void Accept(string? type, JsonElement line, JsonElement message)
    {
        switch (type)
        {
            case "user" when !MessageContent.IsToolResult(message):
                AcceptUser(line, MessageContent.TextOf(message) ?? string.Empty);
                break;
            case "user" when _inTurn:
                _lines++;
                _answer.GoOn();
                Tell(message);
                break;
            case "assistant" when _inTurn:
                _lines++;
                _answer.Accept(line, message);
                AcceptAssistant(line, message);
                break;
        }
    }

    private void AcceptUser(JsonElement line, string text)
    {
        var promptId = line.Text("promptId");
        if (_inTurn && MessageContent.IsInterruption(text))
        {
            _lines++;
            _interrupted = true;
            return;
        }

        if (_inTurn && promptId is not null && promptId == _promptId)
        {
            // The CLI itself goes on: an answer that was cut off, what a hook has said.
            _lines++;
            _answer.GoOn();
            return;
        }

        _inTurn = (promptId is not null && _promptIds.Contains(promptId)) || mark.IsIn(text);
        if (_inTurn)
        {
            _lines++;
            _promptId = promptId;
            _over = _interrupted = false;
            _replies.Clear();
            _answer.Begin();
        }
    }

    private void AcceptAssistant(JsonElement line, JsonElement message)
    {
        if (line.Flag("isApiErrorMessage"))
        {
            return;
        }

        if (MessageContent.TextOf(message) is { Length: > 0 } text)
        {
            _text.Finish(text);
        }

        if (message.Member("content") is { ValueKind: JsonValueKind.Array } content)
        {
            _replies.AddRange(content.EnumerateArray().Select(block => ReplyTool.ReadCall(block, mark.TurnId)).OfType<string>());
        }

        Tell(message);
    }

    private void Tell(JsonElement message)
    {
        if (message.Member("content") is { ValueKind: JsonValueKind.Array } content)
        {
            foreach (var tool in ToolBlocks.ReadAll(content))
            {
                observer.Observe(tool);
            }
        }
    }
}
