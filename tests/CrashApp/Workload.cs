using System.Collections.Concurrent;
using System.Text.Json;
using FunctionsBroker.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.CrashApp;

/// <summary>
/// Orchestrations, activities and entities that together take every kind of step that there is. How all of them end does
/// not depend on how often they are interrupted.
/// </summary>
internal static class Workload
{
    public const int Orders = 3;
    public const int ItemsPerOrder = 2;

    private static readonly ConcurrentDictionary<int, bool> s_tried = new();

    public static EntityInstanceId Tally(string key) => new(nameof(CrashApp.Tally), key);

    public static DurableTaskRegistry Registry()
    {
        DurableTaskRegistry registry = new();
        Activity(registry, "Double", n => 2 * n);

        // Fails once in every process, so that it is tried again however often the process is killed.
        Activity(registry, "Shaky", n => s_tried.TryAdd(n, true) ? throw new TimeoutException("once") : n + 1);
        Activity(registry, "Refuse", n => throw new NotSupportedException($"never {n}"));
        Orchestrator<int>(registry, "Order", OrderOrchestration.RunAsync);
        Orchestrator<int>(registry, "Child", ChildAsync);
        Orchestrator<int>(registry, "FailingChild", FailAsync);
        Orchestrator<int>(registry, "Launched", LaunchedAsync);
        Orchestrator<int>(registry, "Loop", LoopAsync);
        Orchestrator<Collection>(registry, "Collector", CollectAsync);
        Orchestrator<int>(registry, "Pausing", PausingAsync);
        Orchestrator<int>(registry, "Endless", EndlessAsync);
        Orchestrator<int>(registry, "Echo", (_, n) => Task.FromResult<object?>(n));
        registry.AddEntity(nameof(CrashApp.Tally), async (operation, _) => await new Tally().RunAsync(operation));
        registry.AddEntity(nameof(Launcher), async (operation, _) => await new Launcher().RunAsync(operation));
        return registry;
    }

    private static void Activity(DurableTaskRegistry registry, string name, Func<int, int> run) =>
        registry.AddActivity(name, (_, input, _) => Task.FromResult<object?>(run(JsonSerializer.Deserialize<int>(input ?? "0"))));

    private static void Orchestrator<T>(DurableTaskRegistry registry, string name, Func<TaskOrchestrationContext, T, Task<object?>> run) =>
        registry.AddOrchestrator(name, context => run(context, context.GetInput<T>()!));

    private static async Task<object?> ChildAsync(TaskOrchestrationContext context, int number)
    {
        await context.Entities.CallEntityAsync<int>(Tally("children"), nameof(CrashApp.Tally.Add), 1);
        return await context.CallActivityAsync<int>("Double", number);
    }

    private static async Task<object?> FailAsync(TaskOrchestrationContext context, int number)
    {
        await context.CallActivityAsync<int>("Double", number);
        throw new InvalidOperationException($"child {number} fails");
    }

    private static async Task<object?> LaunchedAsync(TaskOrchestrationContext context, int number)
    {
        int item = await context.CallActivityAsync<int>("Double", number);
        await context.Entities.SignalEntityAsync(Tally("launched"), nameof(CrashApp.Tally.Add), item);
        return item;
    }

    private static async Task<object?> LoopAsync(TaskOrchestrationContext context, int left)
    {
        await context.Entities.SignalEntityAsync(Tally("loops"), nameof(CrashApp.Tally.Add), 1);
        await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        if (left > 1)
        {
            context.ContinueAsNew(left - 1);
        }

        return left;
    }

    // One item per execution. What arrives while the activity runs is carried into the next.
    private static async Task<object?> CollectAsync(TaskOrchestrationContext context, Collection collected)
    {
        int item = await context.WaitForExternalEvent<int>("item");
        await context.CallActivityAsync<int>("Double", item);
        Collection next = new(collected.Count + 1, collected.Sum + item);
        if (next.Count < Orders * ItemsPerOrder)
        {
            context.ContinueAsNew(next);
        }

        return next;
    }

    private static async Task<object?> PausingAsync(TaskOrchestrationContext context, int number)
    {
        context.SetCustomStatus("waiting");
        int went = await context.WaitForExternalEvent<int>("Go");
        context.SetCustomStatus("went");
        return number + went;
    }

    private static async Task<object?> EndlessAsync(TaskOrchestrationContext context, int depth)
    {
        if (depth > 0)
        {
            return await context.CallSubOrchestratorAsync<int>(
                "Endless", depth - 1, new SubOrchestrationOptions(instanceId: $"endless-{depth - 1}"));
        }

        return await context.WaitForExternalEvent<int>("Never");
    }
}
