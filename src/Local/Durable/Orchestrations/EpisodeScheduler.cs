using System.Collections.Concurrent;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>
/// Runs an orchestrator's code on the thread that replays its history, so that the order of its steps depends on the
/// history alone.
/// </summary>
/// <remarks>Awaits in the code come back here because the code is itself a task of this scheduler.</remarks>
internal sealed class EpisodeScheduler : TaskScheduler
{
    private readonly ConcurrentQueue<Task> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _strayed;

    /// <summary>Whether the code awaited something that completed on another thread, and so is not deterministic.</summary>
    public bool HasStrayed => _strayed;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs what is ready, and what that makes ready, until the code waits for its history to go on.</summary>
    public void RunReady()
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (_ready.TryDequeue(out Task? task))
            {
                TryExecuteTask(task);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            _ready.Enqueue(task);
        }
        else
        {
            // Not run: at this moment the code may only go on where a replay would.
            _strayed = true;
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Environment.CurrentManagedThreadId == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}
