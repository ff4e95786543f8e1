namespace FunctionsBroker.ClaudeCode.Turns;

/// <summary>Something that happened in a turn while it ran.</summary>
/// <remarks>
/// The text of all <see cref="TextDelta"/>s so far is what a listener shows: everything that the model has said in the
/// turn. A turn's answer is the last message of it only, and comes with the turn's outcome.
/// </remarks>
public abstract record TurnProgress
{
    /// <summary>How much of a tool's input and output is told, in UTF-16 characters: the whole may be megabytes.</summary>
    public const int MaxDetailLength = 2048;

    private TurnProgress()
    {
    }

    /// <summary>The next piece of text.</summary>
    public sealed record TextDelta(string Text) : TurnProgress;

    /// <summary>The model calls a tool.</summary>
    /// <param name="Id">The same in <see cref="ToolEnded"/>.</param>
    /// <param name="Input">The beginning of its arguments as JSON, at most <see cref="MaxDetailLength"/> characters of it.</param>
    public sealed record ToolStarted(string Id, string Name, string Input) : TurnProgress;

    /// <param name="Output">The beginning of what the tool said, at most <see cref="MaxDetailLength"/> characters of it.</param>
    public sealed record ToolEnded(string Id, bool IsError, string Output) : TurnProgress;

    /// <summary>What was told so far does not count, but for the beginning of the text.</summary>
    /// <param name="Reason">For a person.</param>
    /// <param name="KeptCharacters">How many UTF-16 characters of the text still stand; with 0 the tools told of are void as well.</param>
    public sealed record Reset(string Reason, long KeptCharacters = 0) : TurnProgress;
}
