using System.Collections.Concurrent;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>Brings a hub back to where the last entry of its log left it.</summary>
internal sealed class HubRecovery(EngineServices services, long epoch)
{
    // Recovery reads the whole log, so it must not be long; and a burst must not have to wait for checkpoints.
    private const int LogSlots = 512;
    private const int ParallelRequests = 8;

    private readonly InstanceStore _store = new(services.Table, epoch);

    public async Task<RecoveredHub> RecoverAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            LogRing ring = new(services.Table, LogSlots, services.Time);
            RecoveredLog recovered = RecoveredLog.From(await ring.ReadAsync(cancellationToken));
            if (!await FenceAsync(ring, cancellationToken))
            {
                continue;
            }

            ConcurrentDictionary<string, LiveInstance> instances = await LoadAsync(recovered, cancellationToken);
            Redo(recovered, instances);
            if (recovered.Live.Count > LogSlots / 2)
            {
                recovered = await EmptyLogAsync(recovered, instances.Values, cancellationToken);
            }

            HubLog log = new(ring, recovered, Guid.NewGuid().ToString("N"), services.Loggers.CreateLogger<HubLog>(), services.Time);
            return new RecoveredHub(log, _store, [.. instances.Values], recovered.NextLsn - 1);
        }
    }

    // Once a change of ours follows the last that was read, no earlier owner can add to the log any more. If one has done
    // so in between, the log is read again; that ends, because its term is over and it will learn of it.
    private static async Task<bool> FenceAsync(LogRing ring, CancellationToken cancellationToken)
    {
        try
        {
            await ring.ConfirmAsync(cancellationToken);
            return true;
        }
        catch (OwnershipLostException)
        {
            ring.Dispose();
            return false;
        }
    }

    private async Task<ConcurrentDictionary<string, LiveInstance>> LoadAsync(RecoveredLog recovered, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, LiveInstance> instances = [];
        string active = TableClient.CreateQueryFilter($"Active eq {true}");
        await foreach ((IReadOnlyList<StoredInstance> page, _) in _store.QueryAsync(active, null, null, cancellationToken))
        {
            foreach (StoredInstance stored in page)
            {
                Loaded(instances, stored.Id, stored);
            }
        }

        IEnumerable<string> others = recovered.Entries
            .SelectMany(item => item.Entry.Touched())
            .Distinct()
            .Where(id => !instances.ContainsKey(id));
        await Parallel.ForEachAsync(
            others.ToArray(),
            Parallelism(cancellationToken),
            async (id, token) => Loaded(instances, id, await _store.ReadAsync(id, token)));
        return instances;
    }

    private static void Loaded(ConcurrentDictionary<string, LiveInstance> instances, string id, StoredInstance? stored)
    {
        LiveInstance instance = new(id) { Loading = Task.CompletedTask };
        instance.Loaded(stored);
        instances[id] = instance;
    }

    private void Redo(RecoveredLog recovered, ConcurrentDictionary<string, LiveInstance> instances)
    {
        long now = services.Time.GetTimestamp();

        // The rows of a purged instance may be gone already, and with them what the entries before the purge go by.
        foreach ((long lsn, LogEntry entry) in recovered.Entries.Reverse())
        {
            if (entry is LogEntry.InstancePurged purged && instances[purged.Instance] is var instance && instance.Lsn < lsn)
            {
                instance.Purged(lsn, now);
            }
        }

        foreach ((long lsn, LogEntry entry) in recovered.Entries)
        {
            foreach (string id in entry.Touched())
            {
                if (instances[id].Lsn < lsn)
                {
                    instances[id].Take(entry, lsn, Task.CompletedTask, now);
                }
            }
        }
    }

    // Owners that were killed again and again before they could write checkpoints have left a log without room.
    private async Task<RecoveredLog> EmptyLogAsync(
        RecoveredLog recovered, IEnumerable<LiveInstance> instances, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            instances.Where(instance => instance.DirtyFrom is not null).ToArray(),
            Parallelism(cancellationToken),
            async (instance, token) =>
            {
                InstanceDocument document = instance.Document ?? InstanceDocument.Empty;
                StoredVersion? written = await _store.SaveAsync(instance.Id, document, instance.Lsn, instance.Stored, token);
                instance.Checkpointed(written, instance.Lsn, services.Time.GetTimestamp());
            });
        return recovered with { Entries = [], Live = [], Floor = recovered.NextLsn - 1 };
    }

    private static ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = cancellationToken };
}
