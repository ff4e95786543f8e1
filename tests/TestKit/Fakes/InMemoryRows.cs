using System.Globalization;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary>Rows with tags, guarded as tables guard them.</summary>
internal sealed class InMemoryRows<TKey, T>
    where TKey : notnull
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Versioned<T>> _rows = [];
    private int _writes;

    public int Writes => Volatile.Read(ref _writes);

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows.Values.Select(row => row.Value)];
            }
        }
    }

    public Versioned<T>? Find(TKey key)
    {
        lock (_lock)
        {
            return _rows.GetValueOrDefault(key);
        }
    }

    public Versioned<T>? TryAdd(TKey key, T value)
    {
        lock (_lock)
        {
            return _rows.ContainsKey(key) ? null : Write(key, value);
        }
    }

    public Versioned<T> Put(TKey key, T value)
    {
        lock (_lock)
        {
            return Write(key, value);
        }
    }

    public Versioned<T> Update(TKey key, string heldETag, T value)
    {
        lock (_lock)
        {
            Guard(key, heldETag);
            return Write(key, value);
        }
    }

    public void Delete(TKey key, string heldETag)
    {
        lock (_lock)
        {
            Guard(key, heldETag);
            _rows.Remove(key);
        }
    }

    public void Delete(TKey key)
    {
        lock (_lock)
        {
            _rows.Remove(key);
        }
    }

    public static ConcurrencyConflictException Conflict(TKey key, string? heldETag) =>
        new($"{key}", heldETag, new InvalidOperationException("The row is not as it was read."));

    private void Guard(TKey key, string heldETag)
    {
        if (_rows.GetValueOrDefault(key)?.ETag != heldETag)
        {
            throw Conflict(key, heldETag);
        }
    }

    private Versioned<T> Write(TKey key, T value) =>
        _rows[key] = new Versioned<T>(value, (++_writes).ToString(CultureInfo.InvariantCulture));
}
