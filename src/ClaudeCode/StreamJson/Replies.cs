using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Our answers on their way to the CLI.</summary>
/// <remarks>The reader of the child's output never waits for them: a child that does not read its input must not keep us from reading its output.</remarks>
internal sealed class Replies : IAsyncDisposable
{
    /// <summary>A child that has asked this much without reading the answers is not asking any more.</summary>
    private const int MaxUnwritten = 256;

    private readonly Channel<ReadOnlyMemory<byte>> _lines = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(MaxUnwritten) { SingleReader = true });

    private readonly CliProcess _process;
    private readonly Task _writing;

    public Replies(CliProcess process)
    {
        _process = process;
        _writing = WriteAsync();
    }

    /// <returns>False when there are too many already.</returns>
    public bool TryWrite(ReadOnlyMemory<byte> line) => _lines.Writer.TryWrite(line);

    /// <summary>Call it when the process has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(CancellationToken.None))
            {
                await _process.WriteLineAsync(line, CancellationToken.None);
            }
        }
        catch (IOException)
        {
            // The process has ended and no longer waits for answers.
        }
    }
}
