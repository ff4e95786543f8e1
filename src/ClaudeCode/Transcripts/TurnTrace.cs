using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>What a transcript has of a user line.</summary>
/// <param name="Seen">Whether the line is there at all.</param>
/// <param name="ToolsUsed">Whether a tool was called for it. A call is written down about when the tool begins, so a kill at that very moment can hide it.</param>
/// <param name="Failed">Whether it was ended by an error of the model that the CLI told of, so that nothing of it is unknown.</param>
/// <param name="Answer">Null when it was not answered.</param>
internal sealed record TurnTrace(bool Seen, bool ToolsUsed, bool Failed, TranscriptAnswer? Answer);

/// <summary>An answer as the transcript has it.</summary>
/// <param name="Usage">Of the last call to the model only; the transcript does not sum up the turn.</param>
internal sealed record TranscriptAnswer(string Text, TokenUsage Usage);
