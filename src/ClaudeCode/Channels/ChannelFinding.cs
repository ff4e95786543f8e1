namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Whether the CLI takes a channel's messages here.</summary>
/// <param name="Available">Null where that could not be found out.</param>
/// <param name="Text">The CLI's words, or what went wrong, for a person.</param>
public sealed record ChannelFinding(bool? Available, string Text)
{
    /// <summary>One line that begins with a word for a program: <c>available</c>, <c>unavailable</c> or <c>unknown</c>.</summary>
    public override string ToString()
    {
        var word = Available switch { true => "available", false => "unavailable", null => "unknown" };
        return $"{word}: {Text.ReplaceLineEndings(" ")}";
    }
}
