using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Goes on as new, reports a status, waits to be ended.</summary>
public static class LifeOrchestrations
{
    [Function("CountUp")]
    public static async Task<string> CountUpAsync([OrchestrationTrigger] TaskOrchestrationContext context, int count)
    {
        await context.CallActivityAsync("Nothing");
        if (count < 5)
        {
            context.ContinueAsNew(count + 1);
            return "not the end";
        }

        return $"{count} {context.InstanceId}";
    }

    /// <summary>Waits for "Go", goes on as new without having taken the events "Item", and takes one then.</summary>
    [Function("KeepEvents")]
    public static async Task<string> KeepEventsAsync([OrchestrationTrigger] TaskOrchestrationContext context, KeepEvents plan)
    {
        if (!plan.Second)
        {
            context.SetCustomStatus("waiting");
            await context.WaitForExternalEvent<object?>("Go");
            context.ContinueAsNew(plan with { Second = true }, plan.Preserve);
            return string.Empty;
        }

        try
        {
            return await context.WaitForExternalEvent<string>("Item", TimeSpan.FromSeconds(2));
        }
        catch (TaskCanceledException)
        {
            return "none";
        }
    }

    [Function("NewGuidAfterContinue")]
    public static async Task<string[]> NewGuidAfterContinueAsync([OrchestrationTrigger] TaskOrchestrationContext context, string[]? before)
    {
        var id = context.NewGuid().ToString();
        await context.CallActivityAsync("Nothing");
        if (before is null)
        {
            context.ContinueAsNew(new[] { id });
            return [];
        }

        return [.. before, id];
    }

    [Function("ReportAndWait")]
    public static async Task<string> ReportAndWaitAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus(new { phase = "first" });
        context.SetCustomStatus(new { phase = "waiting", step = 2 });
        var answer = await context.WaitForExternalEvent<string>("Answer");
        if (answer == "clear")
        {
            context.SetCustomStatus(null);
        }

        return answer;
    }

    [Function("ReportAndFail")]
    public static string ReportAndFail([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("about to fail");
        throw new InvalidOperationException("failed after a report");
    }
}
