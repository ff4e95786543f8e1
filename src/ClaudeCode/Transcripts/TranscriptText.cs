namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Something that was said in a conversation.</summary>
/// <param name="FromUser">Whether the user said it; otherwise the model did.</param>
internal sealed record TranscriptText(bool FromUser, string Text);
