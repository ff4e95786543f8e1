namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Cuts a byte stream into lines, and keeps memory bounded whatever the other side writes.</summary>
/// <remarks>One reader per pipe for its whole life. A cancelled read ends the reader: bytes already taken are lost.</remarks>
internal sealed class LineReader(Stream stream, int maxLineBytes) : IOutputReader
{
    private const int InitialBytes = 32 * 1024;
    private const int KeptOfOverlongLine = 1024;
    private const byte Newline = (byte)'\n';

    private byte[] _buffer = new byte[Math.Min(InitialBytes, maxLineBytes)];
    private int _start;
    private int _end;
    private int _scanned;
    private long _reads;

    /// <inheritdoc/>
    public long Reads => Volatile.Read(ref _reads);

    /// <returns>The next line, the unterminated rest at the end of the stream, or null when there is nothing more.</returns>
    public async ValueTask<CliLine?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var newline = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf(Newline);
            if (newline >= 0)
            {
                return Take(_scanned + newline, terminated: true);
            }

            _scanned = _end;
            if (_end - _start >= maxLineBytes)
            {
                return await SkipRestAsync(cancellationToken);
            }

            if (!await FillAsync(cancellationToken))
            {
                return _end > _start ? Take(_end, terminated: false) : null;
            }
        }
    }

    private CliLine Take(int lineEnd, bool terminated)
    {
        var line = _buffer.AsSpan(_start, lineEnd - _start).ToArray();
        _start = _scanned = terminated ? lineEnd + 1 : lineEnd;
        if (_start == _end)
        {
            ResetBuffer();
        }

        return new CliLine(line, 0, terminated);
    }

    private async ValueTask<CliLine> SkipRestAsync(CancellationToken cancellationToken)
    {
        var head = _buffer.AsSpan(_start, Math.Min(KeptOfOverlongLine, _end - _start)).ToArray();
        long length = _end - _start;
        var terminated = false;
        ResetBuffer();
        while (await FillAsync(cancellationToken))
        {
            var newline = _buffer.AsSpan(0, _end).IndexOf(Newline);
            if (newline >= 0)
            {
                length += newline;
                terminated = true;
                _start = _scanned = newline + 1;
                break;
            }

            length += _end;
            ResetBuffer();
        }

        return new CliLine(head, length - head.Length, terminated);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        Volatile.Write(ref _reads, _reads + 1);
        return read > 0;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        var target = length > _buffer.Length / 2
            ? new byte[Math.Min(Math.Max(_buffer.Length * 2L, length + 1L), Math.Max(maxLineBytes, length + 1L))]
            : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        _buffer = target;
        _scanned -= _start;
        _start = 0;
        _end = length;
    }

    private void ResetBuffer()
    {
        _start = _end = _scanned = 0;
        if (_buffer.Length > InitialBytes)
        {
            // One large answer must not keep its size in memory for the life of the process.
            _buffer = new byte[Math.Min(InitialBytes, maxLineBytes)];
        }
    }
}
