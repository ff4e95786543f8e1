namespace FunctionsBroker.Local.Durable.Log;

/// <summary>Entries that wait to be written in one record.</summary>
internal sealed class LogBatch(long firstLsn)
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long FirstLsn => firstLsn;

    public List<byte[]> Entries { get; } = [];

    /// <summary>Size of the entries, in bytes.</summary>
    public int Size { get; private set; }

    /// <summary>Ends when the entries are written, or faults when it is known that they never will be.</summary>
    public Task Durable => _durable.Task;

    public void Add(byte[] entry)
    {
        Entries.Add(entry);
        Size += entry.Length + 1;
    }

    public void Written() => _durable.TrySetResult();

    public void Failed(Exception exception)
    {
        _durable.TrySetException(exception);

        // Nobody need be waiting: a fault that is not looked at is still no surprise.
        _ = _durable.Task.Exception;
    }

    /// <summary>The entries as one JSON array.</summary>
    public byte[] ToPayload()
    {
        byte[] payload = new byte[Size + 1];
        int position = 0;
        payload[position++] = (byte)'[';
        foreach (byte[] entry in Entries)
        {
            entry.CopyTo(payload, position);
            position += entry.Length;
            payload[position++] = (byte)',';
        }

        payload[^1] = (byte)']';
        return payload;
    }
}
