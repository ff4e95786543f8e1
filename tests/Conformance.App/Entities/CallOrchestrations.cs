using System.Text.Json;
using FunctionsBroker.Conformance.App.Management;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>Calls and signals entities.</summary>
public static class CallOrchestrations
{
    [Function("CallEntity")]
    public static async Task<object?> CallAsync([OrchestrationTrigger] TaskOrchestrationContext context, EntityCall call)
    {
        try
        {
            return await context.Entities.CallEntityAsync<JsonElement?>(new EntityInstanceId(call.Name, call.Key), call.Operation, call.Input);
        }
        catch (EntityOperationFailedException exception)
        {
            return new
            {
                id = exception.EntityId.ToString(),
                exception.OperationName,
                exception.Message,
                details = Described.Of(exception.FailureDetails),
            };
        }
    }

    [Function("CallEntities")]
    public static async Task<JsonElement?[]> CallManyAsync([OrchestrationTrigger] TaskOrchestrationContext context, EntityCall[] calls)
    {
        var results = new List<JsonElement?>();
        foreach (var call in calls)
        {
            results.Add(await context.Entities.CallEntityAsync<JsonElement?>(new EntityInstanceId(call.Name, call.Key), call.Operation, call.Input));
        }

        return [.. results];
    }

    [Function("SignalThenCall")]
    public static async Task<TallyState> SignalThenCallAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        var tally = new EntityInstanceId(nameof(Tally), key);
        for (var amount = 1; amount <= 5; amount++)
        {
            await context.Entities.SignalEntityAsync(tally, nameof(Tally.Add), amount);
        }

        return await context.Entities.CallEntityAsync<TallyState>(tally, nameof(Tally.Get));
    }

    [Function("SignalLater")]
    public static async Task<DateTime> SignalLaterAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        await context.Entities.SignalEntityAsync(
            new EntityInstanceId(nameof(Tally), key), nameof(Tally.Add), 9, new SignalEntityOptions { SignalTime = context.CurrentUtcDateTime.AddSeconds(3) });
        return context.CurrentUtcDateTime;
    }

    [Function("UncaughtEntityFailure")]
    public static Task UncaughtAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key) =>
        context.Entities.CallEntityAsync(new EntityInstanceId(nameof(Tally), key), nameof(Tally.SpoilAndFail), key + "-other");
}
