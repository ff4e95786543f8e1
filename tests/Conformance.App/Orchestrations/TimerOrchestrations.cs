using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Waits for time to pass.</summary>
public static class TimerOrchestrations
{
    [Function("PastTimer")]
    public static async Task<string> PastAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CreateTimer(context.CurrentUtcDateTime.AddMinutes(-1), CancellationToken.None);
        return "fired";
    }

    [Function("CancelledTimer")]
    public static async Task<string> CancelledAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
        await context.CallActivityAsync("Nothing");
        EventOrchestrations.Cancel(cancellation);
        try
        {
            await timer;
            return "fired";
        }
        catch (TaskCanceledException)
        {
            return "cancelled";
        }
    }

    [Function("EventOrTimer")]
    public static async Task<string> EventOrTimerAsync([OrchestrationTrigger] TaskOrchestrationContext context, double seconds)
    {
        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromSeconds(seconds), cancellation.Token);
        var answer = context.WaitForExternalEvent<string>("Answer");
        if (await Task.WhenAny(timer, answer) == timer)
        {
            return "timer";
        }

        EventOrchestrations.Cancel(cancellation);
        return await answer;
    }

    [Function("SeveralTimers")]
    public static async Task<int> SeveralAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var timers = new[] { 300, 100, 200 }.Select(async milliseconds =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
            return milliseconds;
        }).ToArray();
        var all = await Task.WhenAll(timers);
        return all.Sum();
    }
}
