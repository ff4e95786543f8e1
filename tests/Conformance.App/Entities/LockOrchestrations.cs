using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>Enters critical sections.</summary>
public static class LockOrchestrations
{
    /// <summary>Reads, waits and writes: right only if nobody else writes meanwhile.</summary>
    [Function("LockAndAdd")]
    public static async Task<int> AddAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        var tally = Tally(key);
        await using (await context.Entities.LockEntitiesAsync(tally))
        {
            var state = await context.Entities.CallEntityAsync<TallyState>(tally, "Get");
            await context.CallActivityAsync("Nothing");
            await context.Entities.CallEntityAsync(tally, "Reset");
            return await context.Entities.CallEntityAsync<int>(tally, "Add", state.Value + 1);
        }
    }

    [Function("LockStates")]
    public static async Task<bool[]> StatesAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        var before = context.Entities.InCriticalSection();
        bool inside;
        int free;
        await using (await context.Entities.LockEntitiesAsync(Tally(key), Tally(key + "-2")))
        {
            inside = context.Entities.InCriticalSection(out var entities);
            free = entities.Count;
        }

        return [before, inside, free == 2, context.Entities.InCriticalSection()];
    }

    [Function("Transfer")]
    public static async Task<int[]> TransferAsync([OrchestrationTrigger] TaskOrchestrationContext context, string[] keys)
    {
        await using (await context.Entities.LockEntitiesAsync(Tally(keys[0]), Tally(keys[1])))
        {
            return
            [
                await context.Entities.CallEntityAsync<int>(Tally(keys[0]), "Add", -1),
                await context.Entities.CallEntityAsync<int>(Tally(keys[1]), "Add", 1),
            ];
        }
    }

    /// <summary>Does what is not allowed in a critical section, and says what came of it.</summary>
    [Function("BreakLockRules")]
    public static async Task<string> BreakRulesAsync([OrchestrationTrigger] TaskOrchestrationContext context, BrokenRule rule)
    {
        var locked = Tally(rule.Key);
        await using (await context.Entities.LockEntitiesAsync(locked))
        {
            try
            {
                await BreakAsync(context, rule.Rule, locked);
                return "allowed";
            }
            catch (InvalidOperationException exception)
            {
                return $"{exception.GetType().Name}: {exception.Message}";
            }
        }
    }

    [Function("LockAndFail")]
    public static async Task LockAndFailAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        await using (await context.Entities.LockEntitiesAsync(Tally(key)))
        {
            throw new InvalidOperationException("failed inside");
        }
    }

    [Function("LockAndWait")]
    public static async Task<string> LockAndWaitAsync([OrchestrationTrigger] TaskOrchestrationContext context, string key)
    {
        await using (await context.Entities.LockEntitiesAsync(Tally(key)))
        {
            context.SetCustomStatus("locked");
            return await context.WaitForExternalEvent<string>("Go");
        }
    }

    private static EntityInstanceId Tally(string key) => new("Tally", key);

    private static async Task BreakAsync(TaskOrchestrationContext context, string rule, EntityInstanceId locked)
    {
        switch (rule)
        {
            case "call another":
                await context.Entities.CallEntityAsync(Tally(locked.Key + "-other"), "Get");
                break;
            case "lock again":
                await using (await context.Entities.LockEntitiesAsync(Tally(locked.Key + "-other")))
                {
                    break;
                }

            case "call a child":
                await context.CallSubOrchestratorAsync("Describe");
                break;
            case "signal the locked":
                await context.Entities.SignalEntityAsync(locked, "Add", 1);
                break;
            case "signal another":
                await context.Entities.SignalEntityAsync(Tally(locked.Key + "-other"), "Add", 1);
                break;
            case "call twice at once":
                await Task.WhenAll(context.Entities.CallEntityAsync(locked, "Get"), context.Entities.CallEntityAsync(locked, "Get"));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(rule), rule, "No such rule.");
        }
    }
}
