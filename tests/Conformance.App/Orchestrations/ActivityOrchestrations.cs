using System.Text.Json;
using FunctionsBroker.Conformance.App.Management;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>Calls activities, one after the other and side by side.</summary>
public static class ActivityOrchestrations
{
    [Function("CallEcho")]
    public static Task<JsonElement> CallEchoAsync([OrchestrationTrigger] TaskOrchestrationContext context, JsonElement input) =>
        context.CallActivityAsync<JsonElement>("Echo", input);

    [Function("CallLength")]
    public static Task<int> CallLengthAsync([OrchestrationTrigger] TaskOrchestrationContext context, Parcel parcel) =>
        context.CallActivityAsync<int>("Length", parcel);

    [Function("ReturnParcel")]
    public static Parcel ReturnParcel([OrchestrationTrigger] TaskOrchestrationContext context, Parcel parcel) => parcel;

    [Function("CallNullable")]
    public static async Task<bool> CallNullableAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string?>("Nullable") is null;

    [Function("CallWhoAsked")]
    public static Task<string> CallWhoAskedAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>("WhoAsked");

    [Function("Chain")]
    public static async Task<int> ChainAsync([OrchestrationTrigger] TaskOrchestrationContext context, int links)
    {
        var value = 0;
        for (var link = 0; link < links; link++)
        {
            value = await context.CallActivityAsync<int>("Echo", value + 1);
        }

        return value;
    }

    [Function("FanOut")]
    public static Task<int[]> FanOutAsync([OrchestrationTrigger] TaskOrchestrationContext context, int width) =>
        Task.WhenAll(Enumerable.Range(0, width).Select(index => context.CallActivityAsync<int>("Echo", index)));

    [Function("FanOutWithFailure")]
    public static async Task<string[]> FanOutWithFailureAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        Task<int>[] tasks =
        [
            context.CallActivityAsync<int>("Echo", 1),
            context.CallActivityAsync<int>("Fail", "in the middle"),
            context.CallActivityAsync<int>("Echo", 3),
        ];
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (TaskFailedException)
        {
            // Which ones failed is what the caller looks at.
        }

        return [.. tasks.Select(task => task.Status.ToString())];
    }

    [Function("FirstOfTwo")]
    public static async Task<string> FirstOfTwoAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var never = context.WaitForExternalEvent<string>("Never");
        var soon = context.CallActivityAsync<string>("Nullable", "soon");
        return await Task.WhenAny(never, soon) == soon ? await soon : "never";
    }

    [Function("CatchFailure")]
    public static async Task<object?> CatchFailureAsync([OrchestrationTrigger] TaskOrchestrationContext context, string activity)
    {
        try
        {
            return await context.CallActivityAsync<string>(activity, "told so");
        }
        catch (TaskFailedException exception)
        {
            return new
            {
                exception.TaskName,
                exception.Message,
                details = Described.Of(exception.FailureDetails),
                causedByItself = exception.FailureDetails.IsCausedBy<ArgumentOutOfRangeException>(),
                causedByBase = exception.FailureDetails.IsCausedBy<ArgumentException>(),
                causedByOther = exception.FailureDetails.IsCausedBy<InvalidOperationException>(),
            };
        }
    }

    [Function("LetFail")]
    public static Task LetFailAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Fail", "let it");

    [Function("ThrowInner")]
    public static string ThrowInner([OrchestrationTrigger] TaskOrchestrationContext context) =>
        throw new InvalidOperationException("outer cause", new FormatException("inner cause"));

    [Function("ReturnNull")]
    public static string? ReturnNull([OrchestrationTrigger] TaskOrchestrationContext context) => null;
}
