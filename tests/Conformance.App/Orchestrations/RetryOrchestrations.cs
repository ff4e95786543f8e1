using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Calls what fails at first.</summary>
public sealed class RetryOrchestrations(Journal journal)
{
    [Function("RetryByPolicy")]
    public static async Task<string> ByPolicyAsync([OrchestrationTrigger] TaskOrchestrationContext context, RetryPlan plan)
    {
        var policy = new RetryPolicy(
            plan.MaxAttempts,
            TimeSpan.FromSeconds(plan.FirstSeconds),
            plan.Backoff,
            plan.MaxSeconds is { } most ? TimeSpan.FromSeconds(most) : null,
            plan.TimeoutSeconds is { } timeout ? TimeSpan.FromSeconds(timeout) : null)
        {
            HandleFailure = failure => plan.OnlyType is null || failure.ErrorType == plan.OnlyType,
        };
        return await OutcomeAsync(context.CallActivityAsync<int>("FailUntil", plan.Attempts(context), TaskOptions.FromRetryPolicy(policy)));
    }

    [Function("RetryByHandler")]
    public async Task<string> ByHandlerAsync([OrchestrationTrigger] TaskOrchestrationContext context, RetryPlan plan)
    {
        var options = TaskOptions.FromRetryHandler(retry =>
        {
            journal.Add($"handler-{context.InstanceId}", $"{retry.LastAttemptNumber} {retry.LastFailure.ErrorType} {retry.LastFailure.ErrorMessage}");
            return retry.LastAttemptNumber < plan.MaxAttempts;
        });
        return await OutcomeAsync(context.CallActivityAsync<int>("FailUntil", plan.Attempts(context), options));
    }

    [Function("RetryByWaitingHandler")]
    public static async Task<string> ByWaitingHandlerAsync([OrchestrationTrigger] TaskOrchestrationContext context, RetryPlan plan)
    {
        var options = TaskOptions.FromRetryHandler(async retry =>
        {
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(plan.FirstSeconds), retry.CancellationToken);
            return retry.LastAttemptNumber < plan.MaxAttempts;
        });
        return await OutcomeAsync(context.CallActivityAsync<int>("FailUntil", plan.Attempts(context), options));
    }

    [Function("RetryChild")]
    public static async Task<string> ChildAsync([OrchestrationTrigger] TaskOrchestrationContext context, RetryPlan plan) =>
        await OutcomeAsync(context.CallSubOrchestratorAsync<int>(
            "FailingChild", plan.Attempts(context), TaskOptions.FromRetryPolicy(new RetryPolicy(plan.MaxAttempts, TimeSpan.FromSeconds(plan.FirstSeconds)))));

    [Function("FailingChild")]
    public static Task<int> FailingChildAsync([OrchestrationTrigger] TaskOrchestrationContext context, Attempts attempts) =>
        context.CallActivityAsync<int>("FailUntil", attempts);

    private static async Task<string> OutcomeAsync(Task<int> task)
    {
        try
        {
            return $"succeeded at {await task}";
        }
        catch (TaskFailedException exception)
        {
            return $"failed: {exception.FailureDetails.ErrorMessage}";
        }
    }
}
