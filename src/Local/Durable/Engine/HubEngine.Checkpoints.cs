using FunctionsBroker.Local.Durable.Instances;

namespace FunctionsBroker.Local.Durable.Engine;

// What the checkpointer needs of the engine.
internal sealed partial class HubEngine
{
    // How soon after the storage was seen to be as the log left it a row must have been written. A storage that goes away
    // and comes back as it was at an earlier moment takes longer than that to come back. If a row got into it that is of a
    // later moment, it would say what the log does not.
    private static readonly TimeSpan s_confirmedFor = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_rowDeadline = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether entries pile up in the log faster than instances reach their rows.</summary>
    public bool IsLogCrowded => _log.IsCrowded;

    /// <summary>Instances whose rows are behind since before <paramref name="since"/>, those that hold the log up longest first.</summary>
    public IReadOnlyList<string> Dirty(long since)
    {
        lock (_gate)
        {
            return
            [
                .. _instances.Values
                    .Where(instance => instance is { DirtyFrom: not null, Document: not null } && instance.DirtySince <= since)
                    .OrderBy(instance => instance.DirtyFrom)
                    .Select(instance => instance.Id),
            ];
        }
    }

    /// <summary>Writes what an instance durably is into its rows.</summary>
    public async Task CheckpointAsync(string id, CancellationToken cancellationToken)
    {
        InstanceDocument document;
        StoredVersion? stored;
        long lsn;
        Task durable;
        lock (_gate)
        {
            if (!_instances.TryGetValue(id, out LiveInstance? instance) || instance is not { DirtyFrom: not null, Document: not null })
            {
                return;
            }

            (document, stored, lsn, durable) = (instance.Document, instance.Stored, instance.Lsn, instance.Durable);
        }

        await durable.WaitAsync(cancellationToken);
        StoredVersion? written = await SaveAsync(id, document, lsn, stored, cancellationToken);
        lock (_gate)
        {
            _instances[id].Checkpointed(written, lsn, _services.Time.GetTimestamp());
        }
    }

    /// <summary>Ends when it is certain that what was written into rows so far is not lost without the log's knowing.</summary>
    public Task ConfirmAsync(CancellationToken cancellationToken) => _log.ConfirmAsync(_services.Time.GetTimestamp(), cancellationToken);

    private async Task<StoredVersion?> SaveAsync(
        string id, InstanceDocument document, long lsn, StoredVersion? stored, CancellationToken cancellationToken)
    {
        TimeProvider time = _services.Time;
        while (true)
        {
            await _log.ConfirmAsync(time.GetTimestamp() - (long)(s_confirmedFor.TotalSeconds * time.TimestampFrequency), cancellationToken);
            using CancellationTokenSource deadline = new(s_rowDeadline, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                return await _store.SaveAsync(id, document, lsn, stored, either.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The service is slow or away. A row that was written meanwhile is of this term, and written again.
            }
        }
    }

    /// <summary>Lets the log reuse what no instance needs any more, and forgets instances that are not used.</summary>
    public void Tidy()
    {
        lock (_gate)
        {
            long floor = long.MaxValue;
            foreach (LiveInstance instance in _instances.Values)
            {
                floor = Math.Min(floor, instance.DirtyFrom - 1 ?? long.MaxValue);
            }

            _log.RaiseFloor(floor == long.MaxValue ? _lastLsn : floor);
            Evict();
        }
    }

    private void Evict()
    {
        int limit = _services.Options.MaxCachedInstances;
        if (_instances.Count <= limit)
        {
            return;
        }

        // Some more than needed, so that it is not done again at once.
        int surplus = _instances.Count - limit + (limit / 10);
        foreach (LiveInstance instance in _instances.Values.Where(instance => instance.IsEvictable).OrderBy(instance => instance.LastUsed).Take(surplus).ToArray())
        {
            _instances.Remove(instance.Id);
        }
    }
}
