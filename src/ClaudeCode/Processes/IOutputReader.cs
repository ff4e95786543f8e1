namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Reads one pipe of a child for its whole life.</summary>
internal interface IOutputReader
{
    /// <summary>Rises with every read that brought bytes; tells a quiet pipe from a busy one.</summary>
    long Reads { get; }

    /// <returns>Null when there is nothing more.</returns>
    ValueTask<CliLine?> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One line of a child's output, without its newline.</summary>
/// <param name="Bytes">The line, or only its beginning when it was too long to keep.</param>
/// <param name="Dropped">How many bytes of it were thrown away.</param>
/// <param name="Terminated">Whether its newline was there; without one it is the rest before the end of the stream.</param>
internal readonly record struct CliLine(ReadOnlyMemory<byte> Bytes, long Dropped, bool Terminated = true);

/// <summary>Hands a byte stream on as it comes.</summary>
internal sealed class ChunkReader(Stream stream) : IOutputReader
{
    private const int MaxBytes = 16 * 1024;

    private readonly byte[] _buffer = new byte[MaxBytes];
    private long _reads;

    /// <inheritdoc/>
    public long Reads => Volatile.Read(ref _reads);

    /// <inheritdoc/>
    public async ValueTask<CliLine?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAsync(_buffer, cancellationToken);
        Volatile.Write(ref _reads, _reads + 1);
        return read == 0 ? null : new CliLine(_buffer.AsSpan(0, read).ToArray(), 0, Terminated: false);
    }
}
