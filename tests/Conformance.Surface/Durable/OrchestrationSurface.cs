using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Conformance.Surface.Durable;

/// <summary>What an orchestrator can do, entities apart.</summary>
public static class OrchestrationSurface
{
    [Function(nameof(OrchestrationSurface))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, Parcel input)
    {
        ILogger logger = context.CreateReplaySafeLogger<Parcel>();
        var text = $"{context.InstanceId} {context.IsReplaying} {context.CurrentUtcDateTime} {context.Name.Name} {context.Parent?.InstanceId} {logger}";
        context.SetCustomStatus(new { phase = "running" });
        context.SendEvent("other", "Event", context.NewGuid());
        var again = context.GetInput<Parcel>();
        if (again?.Count > 100)
        {
            context.ContinueAsNew(input, preserveUnprocessedEvents: true);
            return string.Empty;
        }

        return text + await CallAsync(context, input) + await WaitAsync(context);
    }

    private static async Task<string> CallAsync(TaskOrchestrationContext context, Parcel input)
    {
        var policy = new RetryPolicy(
            maxNumberOfAttempts: 3,
            firstRetryInterval: TimeSpan.FromSeconds(1),
            backoffCoefficient: 2.0,
            maxRetryInterval: TimeSpan.FromSeconds(30),
            retryTimeout: TimeSpan.FromMinutes(5))
        {
            HandleFailure = static failure => failure.IsCausedBy<InvalidOperationException>(),
        };
        var options = TaskOptions.FromRetryPolicy(policy);
        var handled = TaskOptions.FromRetryHandler(static retry => retry.LastAttemptNumber < 3 && retry.LastFailure.ErrorType == "x");
        try
        {
            await context.CallActivityAsync("SurfaceActivity", input);
            await context.CallActivityAsync<string>("SurfaceActivity", input, new TaskOptions(new RetryPolicy(2, TimeSpan.FromSeconds(1))));
            await context.CallActivityAsync<string>("SurfaceActivity", input, handled);
            await context.CallSubOrchestratorAsync<string>("Child", input, options.WithInstanceId("given"));
            return await context.CallSubOrchestratorAsync<string>(
                "Child", input, new SubOrchestrationOptions(new RetryPolicy(2, TimeSpan.FromSeconds(1)), instanceId: "other"));
        }
        catch (TaskFailedException exception)
        {
            var failure = exception.FailureDetails;
            return $"{exception.TaskName} {exception.TaskId} {failure.ErrorType} {failure.ErrorMessage} {failure.StackTrace} {failure.InnerFailure}";
        }
    }

    private static async Task<string> WaitAsync(TaskOrchestrationContext context)
    {
        using var cancellation = new CancellationTokenSource();
        var soon = context.CreateTimer(TimeSpan.FromSeconds(5), cancellation.Token);
        var then = context.CreateTimer(context.CurrentUtcDateTime.AddSeconds(5), CancellationToken.None);
        Task<Parcel> reply = context.WaitForExternalEvent<Parcel>("Reply");
        if (await Task.WhenAny(soon, then, reply) == reply)
        {
            return (await reply).Id;
        }

        try
        {
            return (await context.WaitForExternalEvent<Parcel>("Reply", TimeSpan.FromSeconds(10))).Id;
        }
        catch (TaskCanceledException)
        {
            return "none";
        }
    }

    [Function("SurfaceActivity")]
    public static async Task<string> ActAsync(
        [ActivityTrigger] Parcel parcel, string instanceId, FunctionContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
        return $"{parcel.Id} {instanceId} {context.GetLogger("surface")}";
    }
}
