namespace FunctionsBroker.SessionHost.Turns;

/// <summary>The callers who stay on the line for the end of a turn.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TurnLine
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<bool> _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    /// <summary>Whether anybody is there.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _open > 0;
            }
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _open++;
        }
    }

    /// <param name="heard">Whether the end was written to the line.</param>
    public void Close(bool heard)
    {
        lock (_lock)
        {
            _open--;
            if (heard || _open == 0)
            {
                _heard.TrySetResult(heard);
            }
        }
    }

    /// <summary>Waits for those who are there.</summary>
    /// <returns>Whether the end was written to one of them.</returns>
    public async Task<bool> IsHeardAsync(TimeSpan patience, TimeProvider time)
    {
        if (!IsOpen && !_heard.Task.IsCompleted)
        {
            return false;
        }

        try
        {
            return await _heard.Task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
