using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Durable.Orchestrations;

internal sealed partial class OrchestratorContext
{
    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} value was provided for the activity input but no value was provided for {nameof(options)}. "
                + $"Did you actually mean to provide a {nameof(TaskOptions)} value for the {nameof(options)} parameter?",
                nameof(input));
        }

        string? result = await RetryAsync(options?.Retry, () => CallActivityOnceAsync(name.Name, input));
        return Converter.Deserialize<TResult>(result)!;
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        string childId = EntityIds.CheckedOrchestration(
            (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N"), nameof(options));
        _entities.ThrowIfInCriticalSection("While holding locks, cannot call suborchestrators.");
        string version = options?.Version is { } requested ? requested.Version : string.Empty;
        string? result = await RetryAsync(
            options?.Retry, () => CallChildOnceAsync(orchestratorName.Name, version, childId, input, options?.Tags));
        return Converter.Deserialize<TResult>(result)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        int id = NewTaskId();
        Plan(new HistoryEvent.TimerScheduled(id, new DateTimeOffset(fireAt.ToUniversalTime())));
        OpenTask timer = Open(id, holds: true);
        cancellationToken.UnsafeRegister(
            _ =>
            {
                if (Close(id) is not null)
                {
                    _cancelledTimers.Add(id);
                    timer.Cancel(cancellationToken);
                }
            },
            null);
        return timer.Completion;
    }

    private async Task<string?> CallActivityOnceAsync(string name, object? input)
    {
        int id = NewTaskId();
        Plan(new HistoryEvent.ActivityScheduled(id, name, Converter.Serialize(input)));
        return await ResultOfAsync(name, Open(id, holds: true));
    }

    private async Task<string?> CallChildOnceAsync(
        string name, string version, string childId, object? input, IDictionary<string, string>? tags)
    {
        int id = NewTaskId();
        ParentLink parent = new(Name.Name, Caller(id));
        Plan(
            new HistoryEvent.ChildScheduled(id, name, childId),
            new Message.StartRequested(childId, name, version, Converter.Serialize(input), Clock, parent, tags?.ToDictionary()));
        return await ResultOfAsync(name, Open(id, holds: true));
    }

    private static async Task<string?> ResultOfAsync(string name, OpenTask task)
    {
        try
        {
            return await task.Completion;
        }
        catch (OpenTaskFailedException exception)
        {
            throw new TaskFailedException(name, task.TaskId, exception.Failure);
        }
    }

    private Task<string?> RetryAsync(TaskRetryOptions? retry, Func<Task<string?>> attempt) => retry switch
    {
        { Policy: { } policy } => RetryByPolicyAsync(policy, attempt),
        { Handler: { } handler } => RetryByHandlerAsync(handler, attempt),
        _ => attempt(),
    };

    private async Task<string?> RetryByPolicyAsync(RetryPolicy policy, Func<Task<string?>> attempt)
    {
        DateTime begun = CurrentUtcDateTime;
        for (int attempts = 1; ; attempts++)
        {
            TimeSpan pause;
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure) when (MayRetry(policy, attempts, begun, failure))
            {
                double milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
                pause = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan || milliseconds < policy.MaxRetryInterval.TotalMilliseconds
                    ? TimeSpan.FromMilliseconds(milliseconds)
                    : policy.MaxRetryInterval;
            }

            await CreateTimer(CurrentUtcDateTime.Add(pause), CancellationToken.None);
        }
    }

    private bool MayRetry(RetryPolicy policy, int attempts, DateTime begun, TaskFailedException failure) =>
        attempts < policy.MaxNumberOfAttempts
        && (policy.RetryTimeout == Timeout.InfiniteTimeSpan || CurrentUtcDateTime - begun < policy.RetryTimeout)
        && policy.Handle(failure);

    private async Task<string?> RetryByHandlerAsync(AsyncRetryHandler handler, Func<Task<string?>> attempt)
    {
        DateTime begun = CurrentUtcDateTime;
        for (int attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure)
            {
                RetryContext context = new(this, attempts, failure.FailureDetails, CurrentUtcDateTime - begun, CancellationToken.None);
                if (!await handler(context))
                {
                    throw;
                }
            }
        }
    }
}
