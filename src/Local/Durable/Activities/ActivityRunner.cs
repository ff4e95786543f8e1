using FunctionsBroker.Local.Durable.Engine;
using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Activities;

/// <summary>Runs activities, so many at a time, each once per time that it is begun.</summary>
/// <param name="slots">As many as may run at a time.</param>
/// <param name="settle">Takes the end of an activity.</param>
internal sealed partial class ActivityRunner(
    EngineServices services, WorkTracker work, SemaphoreSlim slots, Action<Message.TaskSettled> settle)
{
    private readonly ILogger _logger = services.Loggers.CreateLogger<ActivityRunner>();

    /// <param name="durable">The orchestrator's decision to call; the activity must not run before it is recorded.</param>
    public void Start(
        string instanceId, string execution, HistoryEvent.ActivityScheduled call, Task durable, CancellationToken stopping) =>
        work.Start(() => RunAsync(instanceId, execution, call, durable, stopping));

    private async Task RunAsync(
        string instanceId, string execution, HistoryEvent.ActivityScheduled call, Task durable, CancellationToken stopping)
    {
        try
        {
            await durable.WaitAsync(stopping);
            await slots.WaitAsync(stopping);
            try
            {
                Message.TaskSettled end = new(instanceId, execution, call.TaskId);
                settle(await InvokeAsync(call, end, stopping));
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The hub's next owner runs it again.
        }
        catch (OwnershipLostException)
        {
            // Likewise.
        }
    }

    private async Task<Message.TaskSettled> InvokeAsync(
        HistoryEvent.ActivityScheduled call, Message.TaskSettled end, CancellationToken stopping)
    {
        if (services.Registry.FindActivity(call.Name) is not { } run)
        {
            return end with { Failure = Failures.ActivityNotFound(call.Name) };
        }

        try
        {
            object? result = await run(new ActivityContext(call.Name, end.To), call.Input, stopping);
            return end with { Result = services.Registry.Converter.Serialize(result) };
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested || exception is not OperationCanceledException)
        {
            LogFailed(exception, call.Name, end.To);
            TaskFailureDetails failure = TaskFailureDetails.FromException(exception);
            return end with { Failure = services.Options.KeepInnerActivityFailures ? failure : failure with { InnerFailure = null } };
        }
    }

    private sealed class ActivityContext(string name, string instanceId) : TaskActivityContext
    {
        public override TaskName Name => name;

        public override string InstanceId => instanceId;
    }

    [LoggerMessage(60, LogLevel.Warning, "The activity {Name} of orchestration {InstanceId} failed.")]
    private partial void LogFailed(Exception exception, string name, string instanceId);
}
