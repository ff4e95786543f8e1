using FunctionsBroker.Local.Durable.Entities;
using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Orchestrations;
using FunctionsBroker.Local.Durable.Timers;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

internal sealed partial class HubEngine
{
    // Work runs ahead of the log by no more than this, so that an outage of the storage does not fill the memory.
    private const long MaxBytesAhead = 8 * 1024 * 1024;

    // The only worker of the instance while IsBusy is set.
    private async Task WorkAsync(LiveInstance instance)
    {
        try
        {
            await LoadAsync(instance);
            while (Next(instance) is { } document)
            {
                await StepAsync(instance, document);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What was begun and not committed is begun again by the next owner.
        }
        catch (OwnershipLostException)
        {
            // So is this; the hub says so itself.
        }
    }

    private InstanceDocument? Next(LiveInstance instance)
    {
        lock (_gate)
        {
            if (instance.IsSignaled && _accepting)
            {
                instance.IsSignaled = false;
                instance.LastUsed = ++_uses;
                return instance.Document;
            }

            instance.IsBusy = false;
            return null;
        }
    }

    private async Task StepAsync(LiveInstance instance, InstanceDocument document)
    {
        if (_log.PendingBytes > MaxBytesAhead)
        {
            await _log.FlushAsync().WaitAsync(_stopping.Token);
        }

        await _slots.WaitAsync(_stopping.Token);
        try
        {
            if (instance.IsEntity)
            {
                await OperateAsync(instance, document);
            }
            else
            {
                Orchestrate(instance, document);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task OperateAsync(LiveInstance instance, InstanceDocument document)
    {
        EntityBatch batch = new(instance.Id, document, _services.Time.GetUtcNow(), _services.Registry, _logger);
        LogEntry.BatchCommitted? entry = await batch.RunAsync(_stopping.Token);
        if (entry is not null)
        {
            byte[] serialized = LogEntry.Serialize(entry);
            lock (_gate)
            {
                Commit(entry, serialized);

                // The batch may have been a part of what waits.
                instance.IsSignaled |= !instance.Document?.Inbox.IsEmpty ?? false;
            }
        }

        Wake(instance, batch.WakeAt);
    }

    private void Orchestrate(LiveInstance instance, InstanceDocument document)
    {
        IReadOnlyList<Message.TaskSettled> settled;
        lock (_gate)
        {
            settled = instance.TakeSettled();
        }

        OrchestrationEpisode episode = OrchestrationEpisode.Run(
            instance.Id, document, settled, _services.Time.GetUtcNow(), _services.Registry, _services.Loggers);
        Wake(instance, episode.WakeAt);
        if (episode.Entry is not { } entry)
        {
            return;
        }

        byte[] serialized = LogEntry.Serialize(entry);
        Task durable;
        lock (_gate)
        {
            durable = Commit(entry, serialized);
        }

        Follow(instance, episode, entry, durable);
    }

    private void Follow(LiveInstance instance, OrchestrationEpisode episode, LogEntry.EpisodeCommitted entry, Task durable)
    {
        if (episode.Strayed)
        {
            LogStrayed(instance.Id);
        }

        if (entry.Outcome.Status.IsTerminal() || entry.Continuation is not null)
        {
            _timers.CancelAll(instance.Id);
            return;
        }

        string? execution = entry.Start?.Execution ?? ExecutionOf(instance);
        if (execution is null)
        {
            return;
        }

        IEnumerable<HistoryEvent.Scheduled> begun = entry.Events.OfType<HistoryEvent.Scheduled>();
        Begin(instance.Id, execution, begun.Where(action => !episode.CancelledTimers.Contains(action.TaskId)), durable);
        foreach (int timer in episode.CancelledTimers)
        {
            _timers.Cancel(instance.Id, timer);
        }
    }

    private string? ExecutionOf(LiveInstance instance)
    {
        lock (_gate)
        {
            return instance.Document?.Orchestration?.Start.Execution;
        }
    }

    private void Wake(LiveInstance instance, DateTimeOffset? at)
    {
        if (at is { } due)
        {
            _timers.Add(new DueTimer(instance.Id, due, null, 0));
        }
    }

    [LoggerMessage(41, LogLevel.Error, "The orchestration {InstanceId} awaited something that does not come from its context, and will not go on from there. See the rules for orchestrator code.")]
    private partial void LogStrayed(string instanceId);
}
