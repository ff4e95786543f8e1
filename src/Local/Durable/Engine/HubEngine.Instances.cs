using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Tables;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

// The instances in memory. Methods that say nothing else are called under the gate.
internal sealed partial class HubEngine
{
    private static readonly TimeSpan s_readAgainAfter = TimeSpan.FromMilliseconds(500);

    private LiveInstance Instance(string id)
    {
        if (!_instances.TryGetValue(id, out LiveInstance? instance))
        {
            instance = _instances[id] = new LiveInstance(id);
        }

        instance.LastUsed = ++_uses;
        return instance;
    }

    // Puts a change into the log and lets it have its effect in memory. Entries take effect in the order of the log
    // because both happen under the gate.
    private Task Commit(LogEntry entry, byte[] serialized)
    {
        (long lsn, Task durable) = _log.Append(serialized);
        _lastLsn = lsn;
        long now = _services.Time.GetTimestamp();
        foreach (string id in entry.Touched())
        {
            LiveInstance instance = Instance(id);
            instance.Take(entry, lsn, durable, now);
            if (id != entry.Subject || instance.Document is { Orchestration.IsUnstarted: true } || Receives(entry, id))
            {
                Signal(instance);
            }
        }

        return durable;
    }

    private static bool Receives(LogEntry entry, string id)
    {
        foreach (Message message in entry.Messages)
        {
            if (message.To == id)
            {
                return true;
            }
        }

        return false;
    }

    private void Signal(LiveInstance instance)
    {
        instance.IsSignaled = true;
        if (!instance.IsBusy && _accepting)
        {
            instance.IsBusy = true;
            _work.Start(() => WorkAsync(instance));
        }
    }

    // Not under the gate. Ends when the instance's document is in memory.
    private Task LoadAsync(LiveInstance instance)
    {
        lock (_gate)
        {
            return instance.Document is not null ? Task.CompletedTask : instance.Loading ??= Task.Run(() => ReadAsync(instance));
        }
    }

    private async Task ReadAsync(LiveInstance instance)
    {
        for (bool first = true; ; first = false)
        {
            try
            {
                StoredInstance? stored = await _store.ReadAsync(instance.Id, _stopping.Token);
                lock (_gate)
                {
                    instance.Loaded(stored);
                }

                return;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested && StorageFailure.IsTransient(exception))
            {
                if (first)
                {
                    LogCannotRead(exception, instance.Id);
                }

                await Task.Delay(s_readAgainAfter, _services.Time, _stopping.Token);
            }
        }
    }

    [LoggerMessage(40, LogLevel.Warning, "The instance {InstanceId} cannot be read now; the read is repeated until it can.")]
    private partial void LogCannotRead(Exception exception, string instanceId);
}
