using FunctionsBroker.Local.Durable.Instances;

namespace FunctionsBroker.Local.Durable.Engine;

// What the checkpointer needs of the engine.
internal sealed partial class HubEngine
{
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
        StoredVersion? written = await _store.SaveAsync(id, document, lsn, stored, cancellationToken);
        lock (_gate)
        {
            _instances[id].Checkpointed(written, lsn, _services.Time.GetTimestamp());
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
