namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Reads a file's lines from its end towards its beginning, in blocks: what is not asked for is not read.</summary>
internal sealed class BackwardLines(Stream file, long end)
{
    private const int BlockBytes = 64 * 1024;
    private const int MaxLineBytes = 4 * 1024 * 1024;
    private const byte Newline = (byte)'\n';

    private byte[] _buffer = [];
    private long _bufferStart = end;
    private int _taken;
    private bool _overlong;

    /// <summary>Where the line begins that was returned last, in bytes.</summary>
    public long Start { get; private set; } = end;

    /// <summary>How many bytes were read.</summary>
    public long BytesRead { get; private set; }

    /// <returns>The line before <see cref="Start"/>, without its newline; empty for one that is longer than 4 MiB; null at the beginning of the file.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (Start == 0)
        {
            return null;
        }

        // The newline that ends the line itself is not the one that it begins after.
        _taken = (int)(Start - _bufferStart);
        var scan = Math.Max(0, _taken - 1);
        _overlong = false;
        while (true)
        {
            var newline = _buffer.AsSpan(0, Math.Min(scan, _buffer.Length)).LastIndexOf(Newline);
            if (newline >= 0)
            {
                return Take(newline + 1);
            }

            if (_bufferStart == 0)
            {
                return Take(0);
            }

            scan = await FillAsync(cancellationToken);
        }
    }

    private ReadOnlyMemory<byte> Take(int from)
    {
        var line = _overlong ? ReadOnlyMemory<byte>.Empty : _buffer.AsMemory(from, _taken - from);
        Start = _bufferStart + from;
        return line.Length > 0 && line.Span[^1] == Newline ? line[..^1] : line;
    }

    // Puts the block before the buffer's in front of what is still wanted of it.
    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(BlockBytes, _bufferStart);
        if (_taken > MaxLineBytes)
        {
            _overlong = true;
            _taken = 0;
        }

        var grown = new byte[length + _taken];
        _buffer.AsSpan(0, _taken).CopyTo(grown.AsSpan(length));
        _buffer = grown;
        _bufferStart -= length;
        _taken += length;
        file.Position = _bufferStart;
        await file.ReadExactlyAsync(_buffer.AsMemory(0, length), cancellationToken);
        BytesRead += length;
        return length;
    }
}
