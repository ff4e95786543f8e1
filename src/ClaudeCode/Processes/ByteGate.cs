namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Keeps what is on its way within a number of bytes: few large lines, or many small ones.</summary>
/// <remarks>One task enters; any may leave.</remarks>
/// <param name="limit">In bytes. A single larger thing passes when nothing else is on its way.</param>
internal sealed class ByteGate(long limit)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private long _held;

    /// <summary>Waits until there is room.</summary>
    public async ValueTask EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_held == 0 || _held + bytes <= limit)
                {
                    _held += bytes;
                    return;
                }

                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    public void Leave(long bytes)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            _held -= bytes;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }
}
