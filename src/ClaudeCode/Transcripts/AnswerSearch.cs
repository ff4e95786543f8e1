using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Reads a transcript's lines, first to last, for the answer to one user line.</summary>
/// <remarks>
/// Measured on 2.1.329: a user line keeps the <c>uuid</c> that it was sent with; the answer follows it, one line for
/// each block of a message, and the next thing that the user says ends it. Tool results are user lines too.
/// </remarks>
internal sealed class AnswerSearch(Guid messageId)
{
    private readonly byte[] _idText = Encoding.UTF8.GetBytes(messageId.ToString("D"));
    private readonly AnswerLines _lines = new();
    private bool _inTurn;

    /// <summary>Whether the user line is there.</summary>
    public bool Seen { get; private set; }

    /// <summary>Whether a tool was called for it.</summary>
    public bool ToolsUsed => _lines.ToolsUsed;

    /// <summary>Whether the CLI itself ended it, telling of an error of the model.</summary>
    public bool Failed => _lines.Failed;

    /// <summary>The answer, once every line was seen.</summary>
    public TranscriptAnswer? Answer => _lines.Answer;

    public void Accept(CliLine line)
    {
        // Transcripts grow to hundreds of megabytes: only what may matter is parsed.
        if (line.Dropped > 0 || (!_inTurn && line.Bytes.Span.IndexOf(_idText) < 0))
        {
            return;
        }

        TranscriptLine.Read(line.Bytes, Accept);
    }

    private void Accept(JsonElement line)
    {
        if (line.Flag("isSidechain") || line.Member("message") is not { } message)
        {
            return;
        }

        switch (line.Text("type"))
        {
            case "user" when !MessageContent.IsToolResult(message):
                AcceptUser(line.Text("uuid"));
                break;
            case "user" when _inTurn:
                _lines.GoOn();
                break;
            case "assistant" when _inTurn:
                _lines.Accept(line, message);
                break;
        }
    }

    private void AcceptUser(string? uuid)
    {
        _inTurn = Guid.TryParse(uuid, out var id) && id == messageId;
        if (_inTurn)
        {
            Seen = true;
            _lines.Begin();
        }
    }
}
