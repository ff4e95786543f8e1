using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Waits for events.</summary>
public static class EventOrchestrations
{
    [Function("WaitForOne")]
    public static Task<JsonElement> WaitForOneAsync([OrchestrationTrigger] TaskOrchestrationContext context, string name) =>
        context.WaitForExternalEvent<JsonElement>(name);

    [Function("WaitForParcel")]
    public static async Task<string> WaitForParcelAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var parcel = await context.WaitForExternalEvent<Parcel>("Parcel");
        return $"{parcel.Text} {parcel.Count}";
    }

    /// <summary>Waits for "Go" before it takes what came meanwhile.</summary>
    [Function("CollectAfterGo")]
    public static async Task<string[]> CollectAfterGoAsync([OrchestrationTrigger] TaskOrchestrationContext context, int count)
    {
        context.SetCustomStatus("waiting");
        await context.WaitForExternalEvent<object?>("Go");
        var items = new List<string>();
        while (items.Count < count)
        {
            items.Add(await context.WaitForExternalEvent<string>("Item"));
        }

        return [.. items];
    }

    [Function("WaitForBoth")]
    public static Task<string[]> WaitForBothAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Task.WhenAll(context.WaitForExternalEvent<string>("Left"), context.WaitForExternalEvent<string>("Right"));

    [Function("WaitTwice")]
    public static async Task<string> WaitTwiceAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.WaitForExternalEvent<string>("Thing");
        var second = context.WaitForExternalEvent<string>("Thing");
        return $"first={await first} second={await second}";
    }

    [Function("WaitForEither")]
    public static async Task<string> WaitForEitherAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var yes = context.WaitForExternalEvent<string>("Yes");
        var no = context.WaitForExternalEvent<string>("No");
        return await Task.WhenAny(yes, no) == yes ? $"yes {await yes}" : $"no {await no}";
    }

    [Function("WaitWithTimeout")]
    public static async Task<string> WaitWithTimeoutAsync([OrchestrationTrigger] TaskOrchestrationContext context, double seconds)
    {
        try
        {
            return await context.WaitForExternalEvent<string>("Answer", TimeSpan.FromSeconds(seconds));
        }
        catch (TaskCanceledException exception)
        {
            return exception.GetType().Name;
        }
    }

    [Function("WaitCancelled")]
    public static async Task<string> WaitCancelledAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var cancellation = new CancellationTokenSource();
        var wait = context.WaitForExternalEvent<string>("Never", cancellation.Token);
        await context.CallActivityAsync("Nothing");
        Cancel(cancellation);
        try
        {
            return await wait;
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }

    [Function("SendTo")]
    public static string SendTo([OrchestrationTrigger] TaskOrchestrationContext context, string other)
    {
        context.SendEvent(other, "Answer", "from another orchestration");
        return "sent";
    }

#pragma warning disable CA1849, VSTHRD103 // CancelAsync would leave the orchestrator's scheduler.
    internal static void Cancel(CancellationTokenSource source) => source.Cancel();
#pragma warning restore CA1849, VSTHRD103
}
