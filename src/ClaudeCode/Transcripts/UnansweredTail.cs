using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Reads a transcript's lines, first to last, for an end that has nothing but one turn's prompt and what failed in answering it.</summary>
/// <remarks>
/// An end with an answer, with a call of a tool, or with something that somebody else has said is none: without those lines the
/// model would not know what has happened. Measured on 2.1.329: a transcript that is cut off before a user line is resumed as if
/// that line had never been written.
/// </remarks>
/// <param name="isPrompt">Whether a user line and its message are the turn's prompt.</param>
internal sealed class UnansweredTail(Func<JsonElement, JsonElement, bool> isPrompt)
{
    private readonly AnswerLines _answer = new();
    private long? _start;

    /// <summary>Where it begins, in bytes; null where the transcript has no such end.</summary>
    public long? Start => _answer.Answer is null ? _start : null;

    /// <summary>Whether it ends with an error of the model that the CLI told of, so that nothing of it is unknown.</summary>
    public bool Failed => _answer.Failed;

    /// <param name="end">Where the line ends, its newline included.</param>
    public void Accept(CliLine line, long end)
    {
        if (line.Dropped > 0)
        {
            // Too long to be read, so nobody knows what it is.
            _start = null;
            return;
        }

        TranscriptLine.Read(line.Bytes, read => Accept(read, end - line.Bytes.Length - 1));
    }

    private void Accept(JsonElement line, long start)
    {
        if (line.Flag("isSidechain") || line.Member("message") is not { } message)
        {
            return;
        }

        switch (line.Text("type"))
        {
            case "user" when MessageContent.IsToolResult(message):
                _start = null;
                break;
            case "user" when isPrompt(line, message):
                _start ??= start;
                _answer.Begin();
                break;
            case "user" when !IsOfTheCli(line, message):
                _start = null;
                break;
            case "assistant":
                _answer.Accept(line, message);
                _start = MessageContent.CallsTool(message) ? null : _start;
                break;
        }
    }

    private static bool IsOfTheCli(JsonElement line, JsonElement message) =>
        line.Flag("isMeta") || line.Flag("isCompactSummary") || MessageContent.IsInterruption(MessageContent.TextOf(message) ?? string.Empty);
}
