using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>What the transcript has of a turn.</summary>
internal sealed record ChannelTrace
{
    /// <summary>How many lines of the turn there are; 0 when not even its prompt is there.</summary>
    public int Lines { get; init; }

    /// <summary>The CLI's own id of the prompt.</summary>
    public string? PromptId { get; init; }

    /// <summary>The last message of the model, if the lines so far end with a whole one.</summary>
    public string? Answer { get; init; }

    /// <summary>What the model has said by the reply tool.</summary>
    public IReadOnlyList<string> Replies { get; init; } = [];

    /// <summary>Whether the CLI has closed the turn.</summary>
    public bool IsOver { get; init; }

    /// <summary>Whether somebody has broken the turn off.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>The kind and the text of the model's error that ended the turn; null when there was none.</summary>
    public (string? Kind, string Text)? Failure { get; init; }

    public bool ToolsUsed { get; init; }

    /// <summary>Of all calls to the model.</summary>
    public TokenUsage Usage { get; init; } = new();

    public bool IsSeen => Lines > 0;
}
