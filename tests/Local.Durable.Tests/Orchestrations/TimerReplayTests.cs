using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Tests.Harness;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Tests.Orchestrations;

public sealed class TimerReplayTests
{
    [Fact]
    public void Timer_IsRecordedWithItsTime()
    {
        Replay replay = new(async context =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            return "rung";
        });

        replay.Run();

        HistoryEvent.TimerScheduled timer = Assert.Single(replay.State.History.OfType<HistoryEvent.TimerScheduled>());
        Assert.Equal(replay.Now + TimeSpan.FromMinutes(5), timer.FireAt);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.Run((0, null)));
    }

    [Fact]
    public void CancelledTimer_DoesNotHoldTheOrchestration()
    {
        Replay replay = new(async context =>
        {
            using CancellationTokenSource cancellation = new();
            Task timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
#pragma warning disable CA1849, VSTHRD103 // CancelAsync leaves the orchestrator's scheduler.
            cancellation.Cancel();
#pragma warning restore CA1849, VSTHRD103
            await Task.WhenAny(timer);
            return timer.IsCanceled;
        });

        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.Run());
        Assert.Equal("true", replay.State.Output);
    }

    [Fact]
    public void UncancelledTimer_HoldsTheOrchestrationUntilItFires()
    {
        Replay replay = new(context =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return Task.FromResult<object?>("done");
        });

        Assert.Equal(OrchestrationRuntimeStatus.Running, replay.Run());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.Run((0, null)));
    }

    [Fact]
    public void Timer_WithACancelledToken_IsCancelledAtOnce()
    {
        Replay replay = new(async context =>
        {
            try
            {
                await context.CreateTimer(TimeSpan.FromHours(1), new CancellationToken(canceled: true));
                return "rung";
            }
            catch (TaskCanceledException)
            {
                return "cancelled";
            }
        });

        replay.Run();

        Assert.Equal("\"cancelled\"", replay.State.Output);
    }

    [Fact]
    public void RetryPolicy_WaitsLongerEachTime_AndGivesUpAfterTheLastAttempt()
    {
        RetryPolicy policy = new(3, TimeSpan.FromSeconds(1), backoffCoefficient: 2);
        Replay replay = new(async context => await context.CallActivityAsync<string>("A", TaskOptions.FromRetryPolicy(policy)));

        replay.Run();
        Fail(replay, 0);
        Assert.Equal(replay.Now + TimeSpan.FromSeconds(1), LastTimer(replay));
        replay.Run((1, null));
        Fail(replay, 2);
        Assert.Equal(replay.Now + TimeSpan.FromSeconds(2), LastTimer(replay));
        replay.Run((3, null));
        Fail(replay, 4);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.State.Status);
        Assert.Contains("#4", replay.State.Failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void RetryPolicy_NeverWaitsLongerThanItsMaximum()
    {
        RetryPolicy policy = new(9, TimeSpan.FromSeconds(1), backoffCoefficient: 100, maxRetryInterval: TimeSpan.FromSeconds(3));
        Replay replay = new(async context => await context.CallActivityAsync<string>("A", TaskOptions.FromRetryPolicy(policy)));

        replay.Run();
        Fail(replay, 0);
        replay.Run((1, null));
        Fail(replay, 2);

        Assert.Equal(replay.Now + TimeSpan.FromSeconds(3), LastTimer(replay));
    }

    [Fact]
    public void RetryPolicy_AfterItsTimeout_GivesUp()
    {
        RetryPolicy policy = new(9, TimeSpan.FromSeconds(1), retryTimeout: TimeSpan.FromSeconds(5));
        Replay replay = new(async context => await context.CallActivityAsync<string>("A", TaskOptions.FromRetryPolicy(policy)));

        replay.Run();
        replay.Now += TimeSpan.FromSeconds(6);
        Fail(replay, 0);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.State.Status);
    }

    [Theory]
    [InlineData("System.ArgumentException", OrchestrationRuntimeStatus.Running)]
    [InlineData("System.TimeoutException", OrchestrationRuntimeStatus.Failed)]
    public void RetryPolicy_RetriesOnlyFailuresThatItHandles(string type, OrchestrationRuntimeStatus expected)
    {
        RetryPolicy policy = new(2, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.IsCausedBy<ArgumentException>() };
        Replay replay = new(async context => await context.CallActivityAsync<string>("A", TaskOptions.FromRetryPolicy(policy)));

        replay.Run();
        Fail(replay, 0, type);

        Assert.Equal(expected, replay.State.Status);
    }

    [Fact]
    public void RetryHandler_IsToldOfTheAttempts_AndDecides()
    {
        List<(int Attempt, string Type)> seen = [];
        TaskOptions options = TaskOptions.FromRetryHandler(retry =>
        {
            seen.Add((retry.LastAttemptNumber, retry.LastFailure.ErrorType));
            return retry.LastAttemptNumber < 2;
        });
        Replay replay = new(async context => await context.CallActivityAsync<string>("A", options));

        replay.Run();
        Fail(replay, 0);
        seen.Clear();
        Fail(replay, 1);

        Assert.Equal([(1, "System.Exception"), (2, "System.Exception")], seen);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.State.Status);
    }

    private static void Fail(Replay replay, int taskId, string type = "System.Exception") => replay.Settle(
        new Message.TaskSettled(Replay.Id, replay.State.Start.Execution, taskId, null, new TaskFailureDetails(type, "boom", null, null, null)));

    private static DateTimeOffset LastTimer(Replay replay) => replay.State.History.OfType<HistoryEvent.TimerScheduled>().Last().FireAt;
}
