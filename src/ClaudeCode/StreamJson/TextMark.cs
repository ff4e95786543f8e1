namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Tells whether a text is the same as one that came in pieces, without keeping it.</summary>
/// <param name="Length">In UTF-16 characters.</param>
/// <param name="Hash">FNV-1a over the characters: guards against differences, not against an adversary.</param>
internal readonly record struct TextMark(long Length, ulong Hash)
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static TextMark Empty { get; } = new(0, OffsetBasis);

    public TextMark Append(ReadOnlySpan<char> text)
    {
        var hash = Hash;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * Prime);
        }

        return new TextMark(Length + text.Length, hash);
    }

    public bool IsMarkOf(ReadOnlySpan<char> text) => Empty.Append(text) == this;
}
