using FunctionsBroker.Local.Durable.Log;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Orchestrations;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>An instance in memory. All members are read and written under the engine's lock.</summary>
internal sealed class LiveInstance(string id)
{
    private readonly List<(long Lsn, LogEntry Entry)> _beforeLoad = [];
    private TaskCompletionSource? _changed;

    public string Id => id;

    public bool IsEntity { get; } = EntityIds.IsEntity(id);

    /// <summary>Null until it is read from the table.</summary>
    public InstanceDocument? Document { get; private set; }

    /// <summary>The last log entry whose effect is in the document.</summary>
    public long Lsn { get; private set; }

    /// <summary>Ends when that entry is durable.</summary>
    public Task Durable { get; private set; } = Task.CompletedTask;

    /// <summary>Under way, or done, from when somebody first needs the document.</summary>
    public Task? Loading { get; set; }

    /// <summary>Whether a worker has the instance; at most one ever does.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether there may be something to do that no worker has looked at.</summary>
    public bool IsSignaled { get; set; }

    /// <summary>Ends of activities and timers. Not durable: after a crash they happen again.</summary>
    public List<Message.TaskSettled> Settled { get; private set; } = [];

    /// <summary>The rows in the table; null if there are none.</summary>
    public StoredVersion? Stored { get; private set; }

    /// <summary>The first log entry whose effect the rows do not have; null if they have all.</summary>
    public long? DirtyFrom { get; private set; }

    /// <summary>When that came to be, as a timestamp of the engine's clock.</summary>
    public long DirtySince { get; private set; }

    /// <summary>Rises whenever the instance is used; says which have not been for longest.</summary>
    public long LastUsed { get; set; }

    /// <summary>Clients that look at the instance at this moment.</summary>
    public int Pins { get; set; }

    /// <summary>Whether forgetting the instance loses nothing.</summary>
    public bool IsEvictable =>
        Document is not null && DirtyFrom is null && !IsBusy && !IsSignaled && Settled.Count == 0 && Pins == 0;

    public IReadOnlyList<Message.TaskSettled> TakeSettled()
    {
        List<Message.TaskSettled> settled = Settled;
        if (settled.Count > 0)
        {
            Settled = [];
        }

        return settled;
    }

    /// <summary>Lets an entry of the log have its effect, at once or as soon as the document is read.</summary>
    public void Take(LogEntry entry, long lsn, Task durable, long now)
    {
        Durable = durable;
        if (DirtyFrom is null)
        {
            DirtyFrom = lsn;
            DirtySince = now;
        }

        if (Document is null)
        {
            _beforeLoad.Add((lsn, entry));
            return;
        }

        Document = Document.Apply(entry, id, lsn);
        Lsn = lsn;
        TellOfChange();
    }

    /// <summary>Sets what the table holds, and lets what came meanwhile have its effect.</summary>
    public void Loaded(StoredInstance? stored)
    {
        Document = stored?.Document ?? InstanceDocument.Empty;
        Stored = stored?.Version;
        Lsn = stored?.Version.Lsn ?? 0;
        foreach ((long lsn, LogEntry entry) in _beforeLoad)
        {
            Document = Document.Apply(entry, id, lsn);
            Lsn = lsn;
        }

        _beforeLoad.Clear();
        TellOfChange();
    }

    /// <summary>The instance is gone as of an entry of the log, whatever its rows still say.</summary>
    public void Purged(long lsn, long now)
    {
        Document = InstanceDocument.Empty;
        Lsn = lsn;
        DirtyFrom ??= lsn;
        DirtySince = now;
    }

    /// <summary>The rows now hold the effect of entries up to <paramref name="lsn"/>.</summary>
    public void Checkpointed(StoredVersion? stored, long lsn, long now)
    {
        Stored = stored;
        DirtyFrom = Lsn > lsn ? lsn + 1 : null;
        DirtySince = now;
    }

    /// <summary>Ends the next time that the document changes.</summary>
    public Task NextChange() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void TellOfChange()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
