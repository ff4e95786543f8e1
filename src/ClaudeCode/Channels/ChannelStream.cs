using System.Net.Sockets;
using FunctionsBroker.ClaudeCode.Processes;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>A connection as the protocol's implementation may use it: whole lines of a bounded length in, whole lines out.</summary>
/// <remarks>
/// A line that is too long is dropped and the next is read. A write is not cut short by a token, which would leave half
/// a line before the next; when the other side does not read for too long, the connection ends instead.
/// </remarks>
internal sealed partial class ChannelStream(NetworkStream stream, TimeProvider time, ILogger logger) : Stream
{
    /// <summary>The longest line that is taken: 8 MiB.</summary>
    public const int MaxLineBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan s_writeLimit = TimeSpan.FromSeconds(10);
    private readonly LineReader _lines = new(stream, MaxLineBytes);
    private ReadOnlyMemory<byte> _line;
    private bool _owesNewline;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_line.IsEmpty && !_owesNewline && !await NextAsync(cancellationToken))
        {
            return 0;
        }

        var taken = Math.Min(buffer.Length, _line.Length);
        _line.Span[..taken].CopyTo(buffer.Span);
        _line = _line[taken..];
        if (_line.IsEmpty && taken < buffer.Length)
        {
            buffer.Span[taken++] = (byte)'\n';
            _owesNewline = false;
        }

        return taken;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_writeLimit, time);
        try
        {
            await stream.WriteAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            LogStuck(logger, s_writeLimit);
            await stream.DisposeAsync();
            throw new IOException("The other side of the channel does not read.");
        }
    }

    // The socket keeps nothing back.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (await _lines.ReadAsync(cancellationToken) is { } line)
        {
            if (line is { Terminated: true, Dropped: 0 })
            {
                _line = line.Bytes;
                _owesNewline = true;
                return true;
            }

            LogDropped(logger, line.Bytes.Length + line.Dropped);
        }

        return false;
    }

    [LoggerMessage(EventIds.ChannelLineDropped, LogLevel.Warning, "A line of {Length} bytes came through a channel and was dropped: it is too long, or has no end")]
    private static partial void LogDropped(ILogger logger, long length);

    [LoggerMessage(EventIds.ChannelStuck, LogLevel.Warning, "A channel is being closed: the other side has not read for {Limit}")]
    private static partial void LogStuck(ILogger logger, TimeSpan limit);
}
