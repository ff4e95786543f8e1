namespace FunctionsBroker.ClaudeCode.Processes;

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
