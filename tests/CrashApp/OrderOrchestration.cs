using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.CrashApp;

/// <summary>The orchestration that does most of it.</summary>
internal static class OrderOrchestration
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(20);

    public static async Task<object?> RunAsync(TaskOrchestrationContext context, int number)
    {
        context.SetCustomStatus("working");
        Task<string> attempts = AttemptsAsync(context, number);
        Task<string> children = ChildrenAsync(context, number);
        await SignalsAsync(context, number);
        int balance = await TransferAsync(context);
        string waits = await WaitsAsync(context);
        for (int i = 0; i < Workload.ItemsPerOrder; i++)
        {
            context.SendEvent("collector", "item", (100 * number) + i);
        }

        string done = $"{await attempts} {await children} {(balance == 0 ? "balanced" : "torn")} {waits}";
        context.SetCustomStatus("waiting");
        done += $" {await GoAsync(context)}";
        context.SetCustomStatus(new { phase = "done", number });
        return done;
    }

    private static async Task<string> AttemptsAsync(TaskOrchestrationContext context, int number)
    {
        TaskOptions often = TaskOptions.FromRetryPolicy(new RetryPolicy(1000, TimeSpan.FromMilliseconds(2)));
        TaskOptions thrice = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(2), backoffCoefficient: 2));
        TaskOptions twice = TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 2);
        int doubled = await context.CallActivityAsync<int>("Double", number);
        int shaky = await context.CallActivityAsync<int>("Shaky", number, often);
        string refused = await FailureAsync(context.CallActivityAsync("Refuse", number, thrice));
        string refusedAgain = await FailureAsync(context.CallActivityAsync("Refuse", number + 10, twice));
        return $"{doubled} {shaky} '{refused}' '{refusedAgain}'";
    }

    private static async Task<string> ChildrenAsync(TaskOrchestrationContext context, int number)
    {
        Task<int> child = context.CallSubOrchestratorAsync<int>("Child", number, Child($"child-{number}"));
        Task<int> loop = context.CallSubOrchestratorAsync<int>("Loop", 3, Child($"loop-{number}"));
        string failure = await FailureAsync(context.CallSubOrchestratorAsync("FailingChild", number, Child($"failing-{number}")));
        return $"{await child} {await loop} '{failure}'";
    }

    private static async Task SignalsAsync(TaskOrchestrationContext context, int number)
    {
        DateTimeOffset later = new(context.CurrentUtcDateTime.AddMilliseconds(30));
        await context.Entities.SignalEntityAsync(Workload.Tally("signals"), nameof(Tally.Add), 1);
        await context.Entities.SignalEntityAsync(
            Workload.Tally("delayed"), nameof(Tally.Add), 1, new SignalEntityOptions { SignalTime = later });
        await context.Entities.SignalEntityAsync(Workload.Tally("signals"), nameof(Tally.Spoil));
        await context.Entities.SignalEntityAsync(new EntityInstanceId(nameof(Launcher), "one"), nameof(Launcher.Launch), number);
    }

    // Without the lock, or with one that two hold, orders read the same balances and the sum is wrong in the end.
    private static async Task<int> TransferAsync(TaskOrchestrationContext context)
    {
        EntityInstanceId from = Workload.Tally("from");
        EntityInstanceId to = Workload.Tally("to");
        await using (await context.Entities.LockEntitiesAsync(from, to))
        {
            int debit = await context.Entities.CallEntityAsync<int>(from, nameof(Tally.Get));
            int credit = await context.Entities.CallEntityAsync<int>(to, nameof(Tally.Get));
            await context.Entities.CallEntityAsync(from, nameof(Tally.Set), debit - 5);
            await context.Entities.CallEntityAsync(to, nameof(Tally.Set), credit + 5);
            return debit + credit;
        }
    }

    private static async Task<string> WaitsAsync(TaskOrchestrationContext context)
    {
        string timedOut = "no";
        try
        {
            await context.WaitForExternalEvent<int>("Never", s_short);
        }
        catch (TaskCanceledException)
        {
            timedOut = "yes";
        }

        Guid first = context.NewGuid();
        using CancellationTokenSource gaveUp = new();
        Task never = context.CreateTimer(s_long, gaveUp.Token);
        Task soon = context.CreateTimer(s_short, CancellationToken.None);
        Task winner = await Task.WhenAny(never, soon);
        Cancel(gaveUp);
        return $"{timedOut} {winner == soon} {first != context.NewGuid()}";
    }

    private static async Task<int> GoAsync(TaskOrchestrationContext context)
    {
        using CancellationTokenSource gone = new();
        Task<int> go = context.WaitForExternalEvent<int>("Go");
        Task timeout = context.CreateTimer(s_long, gone.Token);
        if (await Task.WhenAny(go, timeout) == timeout)
        {
            return -1;
        }

        Cancel(gone);
        return await go;
    }

    private static async Task<string> FailureAsync(Task task)
    {
        try
        {
            await task;
            return "none";
        }
        catch (TaskFailedException exception)
        {
            return $"{exception.FailureDetails.ErrorType}: {exception.FailureDetails.ErrorMessage}";
        }
    }

    // CancelAsync leaves the orchestrator's scheduler.
    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private static SubOrchestrationOptions Child(string id) => new(instanceId: id);
}
