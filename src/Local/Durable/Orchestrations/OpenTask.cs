using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>A task that the orchestrator has begun and whose end is not in its history yet.</summary>
/// <param name="Holds">
/// Whether the orchestration cannot end before the task has. As in the real engine that is so for activities, timers and
/// sub-orchestrations, whether the code awaits them or not.
/// </param>
internal sealed record OpenTask(int TaskId, bool Holds)
{
    // Not RunContinuationsAsynchronously, on purpose: Task.WhenAny would then hand over to the thread pool, and the
    // orchestrator would leave its scheduler.
    private readonly TaskCompletionSource<string?> _completion = new();

    /// <summary>The serialized result.</summary>
    /// <exception cref="OpenTaskFailedException">The task failed.</exception>
    public Task<string?> Completion => _completion.Task;

    public void Succeed(string? result) => _completion.TrySetResult(result);

    public void Fail(TaskFailureDetails failure) => _completion.TrySetException(new OpenTaskFailedException(failure));

    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
