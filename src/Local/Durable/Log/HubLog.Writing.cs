using FunctionsBroker.Local.Durable.Tables;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Log;

internal sealed partial class HubLog
{
    private LogBatch? _writing;

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _arrived.WaitAsync(_stopping.Token);
                LogBatch batch = TakeBatch();
                await WriteAsync(batch);
                Interlocked.Add(ref _pendingBytes, -(batch.Size - batch.Entries.Count));
                lock (_lock)
                {
                    _writing = null;
                }

                batch.Written();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed: whoever still waits is told so by DisposeAsync.
        }
        catch (Exception exception)
        {
            // Lost to another owner, or refused by the service for good. Either way nothing more can be recorded.
            await LoseAsync(exception);
        }
    }

    private async Task LoseAsync(Exception exception)
    {
        LogLost(exception);
        await _lost.CancelAsync();
        FailPending(exception as OwnershipLostException ?? new OwnershipLostException("The task hub's log cannot be written.", exception));
    }

    private LogBatch TakeBatch()
    {
        lock (_lock)
        {
            LogBatch batch = _pending.Dequeue();
            if (batch == _current)
            {
                _current = new LogBatch(batch.FirstLsn + batch.Entries.Count);
            }

            _writing = batch;
            return batch;
        }
    }

    private async Task WriteAsync(LogBatch batch)
    {
        byte[] payload = batch.ToPayload();
        int parts = ((payload.Length - 1) / Chunks.MaxRowBytes) + 1;
        for (int part = 0; part < parts; part++)
        {
            int start = part * Chunks.MaxRowBytes;
            int length = Math.Min(Chunks.MaxRowBytes, payload.Length - start);
            byte[] piece = parts == 1 ? payload : payload.AsSpan(start, length).ToArray();
            await WaitForRoomAsync();
            await WriteAsync(new LogRecord(_nextRecord, batch.FirstLsn, Floor(), _writer, part, parts, piece));
            lock (_lock)
            {
                _live.Enqueue((_nextRecord, batch.FirstLsn + batch.Entries.Count - 1));
            }

            _nextRecord++;
        }
    }

    private long Floor()
    {
        lock (_lock)
        {
            return _floor;
        }
    }

    // A slot is free again when the floor has passed the record that is in it.
    private async Task WaitForRoomAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (!_live.TryPeek(out (long Record, long LastLsn) oldest) || _nextRecord - oldest.Record < _ring.Slots)
                {
                    return;
                }
            }

            await _room.WaitAsync(_stopping.Token);
        }
    }

    private async Task WriteAsync(LogRecord record)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await _ring.WriteAsync(record, _stopping.Token);
                return;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested && StorageFailure.IsTransient(exception))
            {
                if (attempt == 0)
                {
                    LogUnavailable(exception);
                }

                double milliseconds = Math.Min(50 * Math.Pow(2, attempt), s_longestPause.TotalMilliseconds);
                await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _time, _stopping.Token);
            }
        }
    }

    private void FailPending(Exception exception)
    {
        lock (_lock)
        {
            _writing?.Failed(exception);
            _writing = null;
            while (_pending.TryDequeue(out LogBatch? batch))
            {
                batch.Failed(exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "The task hub's log was lost; the hub stops until it is owned again.")]
    private partial void LogLost(Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The task hub's log cannot be written now; the write is repeated until it can.")]
    private partial void LogUnavailable(Exception exception);
}
