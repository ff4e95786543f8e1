using System.Buffers;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>What is pushed into a conversation. The model sees <c>&lt;channel source="broker" key="value"&gt;content&lt;/channel&gt;</c>.</summary>
internal sealed record ChannelMessage
{
    private static readonly SearchValues<char> s_keyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <param name="meta">Keys of letters, digits and underscores: the CLI drops any other without a word.</param>
    /// <exception cref="ArgumentException">A key has other characters, or none.</exception>
    public ChannelMessage(string content, IReadOnlyDictionary<string, string> meta)
    {
        foreach (var key in meta.Keys)
        {
            if (key.Length == 0 || key.AsSpan().ContainsAnyExcept(s_keyCharacters))
            {
                throw new ArgumentException($"'{key}' is not a key of letters, digits and underscores.", nameof(meta));
            }
        }

        Content = content;
        Meta = meta;
    }

    public string Content { get; }

    public IReadOnlyDictionary<string, string> Meta { get; }
}
