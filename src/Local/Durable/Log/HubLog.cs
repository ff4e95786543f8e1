using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>
/// The write-ahead log of a hub: entries are durable in the order in which they were appended, and those that come while
/// a record is being written share the next one.
/// </summary>
/// <remarks>
/// <see cref="Append"/> may be called from anywhere, by callers that order themselves. An entry may be acted on in memory
/// before it is durable, by whatever leads only to later entries: if one is lost in a crash, so are all after it. What
/// can be seen from outside the hub waits for <see cref="LogBatch.Durable"/>.
/// </remarks>
internal sealed partial class HubLog : IAsyncDisposable
{
    private const int TargetRecordBytes = 256 * 1024;

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Queue<LogBatch> _pending = new();
    private readonly Queue<(long Record, long LastLsn)> _live = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _room = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly LogRing _ring;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly string _writer;
    private readonly Task _loop;

    private LogBatch _current;
    private long _nextRecord;
    private long _floor;
    private long _pendingBytes;
    private int _disposed;

    /// <param name="recovered">What was read from <paramref name="ring"/>, which nobody has written to since.</param>
    public HubLog(LogRing ring, RecoveredLog recovered, string writer, ILogger logger, TimeProvider time)
    {
        _ring = ring;
        _writer = writer;
        _logger = logger;
        _time = time;
        _nextRecord = recovered.NextRecord;
        _floor = recovered.Floor;
        _current = new LogBatch(recovered.NextLsn);
        foreach ((long record, long lastLsn) in recovered.Live)
        {
            _live.Enqueue((record, lastLsn));
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>Cancelled when another process has taken the hub over.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Bytes that wait to be written.</summary>
    public long PendingBytes => Interlocked.Read(ref _pendingBytes);

    /// <summary>Whether the log is more than half full of entries that only it holds.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (_lock)
            {
                return _live.Count > _ring.Slots / 2;
            }
        }
    }

    /// <summary>Puts an entry at the end of the log.</summary>
    /// <returns>Its place, and what ends when it is durable.</returns>
    public (long Lsn, Task Durable) Append(byte[] entry)
    {
        lock (_lock)
        {
            if (_lost.IsCancellationRequested || _disposed != 0)
            {
                throw new OwnershipLostException();
            }

            long lsn = _current.FirstLsn + _current.Entries.Count;
            LogBatch batch = _current;
            if (batch.Entries.Count == 0)
            {
                _pending.Enqueue(batch);
                _arrived.Release();
            }

            batch.Add(entry);
            Interlocked.Add(ref _pendingBytes, entry.Length);
            if (batch.Size >= TargetRecordBytes)
            {
                _current = new LogBatch(lsn + 1);
            }

            return (lsn, batch.Durable);
        }
    }

    /// <summary>Ends when everything appended so far is durable.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            LogBatch? last = _pending.LastOrDefault() ?? _writing;
            return last?.Durable ?? Task.CompletedTask;
        }
    }

    /// <summary>
    /// Makes sure that the storage is as the log left it: whatever is written within moments after that is written to the
    /// same storage, and not to one that was restored to an earlier moment.
    /// </summary>
    /// <param name="notBefore">A timestamp; if that was made sure since, it is not done again.</param>
    /// <returns>The timestamp at which it was so.</returns>
    /// <exception cref="OwnershipLostException">It is not.</exception>
    public async Task<long> ConfirmAsync(long notBefore, CancellationToken cancellationToken)
    {
        if (_ring.ConfirmedAt < notBefore)
        {
            try
            {
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
                await _ring.ConfirmAsync(either.Token);
            }
            catch (OwnershipLostException exception)
            {
                await LoseAsync(exception);
                throw;
            }
            catch (Exception exception) when (_disposed != 0 && !cancellationToken.IsCancellationRequested)
            {
                throw new OwnershipLostException("The task hub has been stopped.", exception);
            }
        }

        return _ring.ConfirmedAt;
    }

    /// <summary>Tells the log that entries up to <paramref name="lsn"/> are in their instances' rows.</summary>
    public void RaiseFloor(long lsn)
    {
        lock (_lock)
        {
            _floor = Math.Max(_floor, lsn);
            while (_live.TryPeek(out (long Record, long LastLsn) oldest) && oldest.LastLsn <= _floor)
            {
                _live.Dequeue();
            }
        }

        if (_room.CurrentCount == 0)
        {
            _room.Release();
        }
    }

    /// <summary>Stops without waiting for what is not written yet. Call <see cref="FlushAsync"/> first to lose nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _loop;
        FailPending(new OwnershipLostException("The task hub has been stopped."));
        _stopping.Dispose();
        _arrived.Dispose();
        _room.Dispose();

        // The ring is not disposed of: a confirmation that was cancelled just now may still stand in the queue of its
        // semaphore, and a disposed semaphore forgets those, so that it would wait for ever.
    }
}
