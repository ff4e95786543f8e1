using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Reads a transcript's lines, first to last, for what the user and the model have said; tools and thoughts are left out.</summary>
/// <param name="without">The ids of user lines that are left out, with all that followed from them.</param>
internal sealed class TextHistory(IReadOnlySet<Guid> without)
{
    private const string SyntheticModel = "<synthetic>";

    private readonly List<TranscriptText> _texts = [];
    private bool _skipping;

    public IReadOnlyList<TranscriptText> Texts => _texts;

    public void Accept(CliLine line)
    {
        if (line.Dropped == 0)
        {
            TranscriptLine.Read(line.Bytes, Accept);
        }
    }

    private void Accept(JsonElement line)
    {
        if (line.Text("subtype") == "compact_boundary")
        {
            // The summary that follows takes the place of everything before it.
            _texts.Clear();
            return;
        }

        if (line.Flag("isSidechain") || line.Flag("isMeta") || line.Flag("isApiErrorMessage") || line.Member("message") is not { } message)
        {
            return;
        }

        switch (line.Text("type"))
        {
            case "user" when MessageContent.TextOf(message) is { Length: > 0 } text && !MessageContent.IsInterruption(text):
                _skipping = Guid.TryParse(line.Text("uuid"), out var id) && without.Contains(id);
                Add(true, text);
                break;
            case "assistant" when message.Text("model") != SyntheticModel && MessageContent.TextOf(message) is { Length: > 0 } text:
                Add(false, text);
                break;
        }
    }

    private void Add(bool fromUser, string text)
    {
        if (!_skipping)
        {
            _texts.Add(new TranscriptText(fromUser, text));
        }
    }
}

/// <summary>Something that was said in a conversation.</summary>
/// <param name="FromUser">Whether the user said it; otherwise the model did.</param>
internal sealed record TranscriptText(bool FromUser, string Text);
