using System.Text;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Keeps what listeners were told of a turn's text in agreement with what the CLI finally says.</summary>
/// <remarks>
/// Pieces of text come ahead of the finished block that holds them all, and are sometimes taken back and sent again, in
/// pieces or whole. A piece may end in the middle of a character; its first half is told with the next piece.
/// </remarks>
internal sealed class StreamedText(ITurnObserver observer)
{
    private const string Retracted = "The answer was broken off and is fetched again.";
    private const string Corrected = "The answer differs from what was streamed of it.";

    private long _length;
    private string? _message;
    private long _messageStart;
    private int _block;
    private long _blockStart;
    private TextMark _blockMark = TextMark.Empty;
    private readonly StringBuilder _said = new();
    private long _saidStart;
    private string _half = string.Empty;

    /// <summary>What was told since the last tool was called: the answer, once the turn has ended.</summary>
    public string Said => _said.ToString();

    /// <summary>A tool is called: what was said before it is no part of the answer.</summary>
    public void CallTool()
    {
        _said.Clear();
        _saidStart = _length;
    }

    public void Accept(CliMessage.TextDelta delta)
    {
        if (_message != delta.ApiMessageId)
        {
            _message = delta.ApiMessageId;
            _messageStart = _length;
            BeginBlock(delta.Block);
        }
        else if (_block != delta.Block)
        {
            BeginBlock(delta.Block);
        }

        var text = _half + delta.Text;
        _half = text is [.., var last] && char.IsHighSurrogate(last) ? last.ToString() : string.Empty;
        text = text[..^_half.Length];
        _blockMark = _blockMark.Append(text);
        Tell(text);
    }

    /// <summary>A block is finished: tells what of it was not told yet.</summary>
    public void Finish(string text)
    {
        if (!_blockMark.IsMarkOf(text.AsSpan(0, (int)Math.Min(_blockMark.Length, text.Length))))
        {
            Reset(Corrected, _blockStart);
            _blockMark = TextMark.Empty;
        }

        Tell(text[(int)_blockMark.Length..]);
        BeginBlock(_block + 1);
    }

    public void Accept(CliMessage.Abandoned abandoned)
    {
        if (abandoned.ApiMessageId == _message)
        {
            var start = abandoned.FromBlock >= _block ? _blockStart : _messageStart;
            if (start < _length)
            {
                Reset(Retracted, start);
            }

            _message = null;
            BeginBlock(0);
        }
    }

    private void BeginBlock(int block)
    {
        _block = block;
        _blockStart = _length;
        _blockMark = TextMark.Empty;
        _half = string.Empty;
    }

    private void Tell(string text)
    {
        if (text.Length > 0)
        {
            _length += text.Length;
            _said.Append(text);
            observer.Observe(new TurnProgress.TextDelta(text));
        }
    }

    private void Reset(string reason, long kept)
    {
        _length = kept;
        _saidStart = Math.Min(_saidStart, kept);
        _said.Length = (int)Math.Min(_said.Length, kept - _saidStart);
        observer.Observe(new TurnProgress.Reset(reason, kept));
    }
}

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
