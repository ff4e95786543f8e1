using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>An answer as the transcript has it.</summary>
/// <param name="Usage">Of the last call to the model only; the transcript does not sum up the turn.</param>
internal sealed record TranscriptAnswer(string Text, TokenUsage Usage);
