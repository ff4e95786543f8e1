using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Tests.Harness;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Tests.Orchestrations;

public sealed class ReplayTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Orchestrator_ThatAwaitsNothing_CompletesInOneEpisode()
    {
        Replay replay = new(context => Task.FromResult<object?>("said " + context.GetInput<string>()));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.Run());
        Assert.Equal("\"said input\"", replay.State.Output);
    }

    [Fact]
    public void Orchestrator_RunsAgainFromTheStart_OnEachEpisode()
    {
        int runs = 0;
        Replay replay = new(async context =>
        {
            runs++;
            await context.CallActivityAsync("A");
            await context.CallActivityAsync("B");
            return null;
        });

        replay.Run();
        replay.Run((0, null));
        replay.Run((1, null));

        Assert.Equal(3, runs);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, replay.State.Status);
    }

    [Fact]
    public void NewGuid_OnReplay_IsTheSameAndNeverRepeats()
    {
        List<Guid> seen = [];
        Replay replay = new(async context =>
        {
            seen.Add(context.NewGuid());
            seen.Add(context.NewGuid());
            await context.CallActivityAsync("A");
            return null;
        });

        replay.Run();
        replay.Run((0, null));

        Assert.Equal(seen[..2], seen[2..]);
        Assert.NotEqual(seen[0], seen[1]);
    }

    [Fact]
    public void CurrentUtcDateTime_OnReplay_IsThatOfTheEpisode()
    {
        List<DateTime> seen = [];
        Replay replay = new(async context =>
        {
            seen.Add(context.CurrentUtcDateTime);
            await context.CallActivityAsync("A");
            seen.Add(context.CurrentUtcDateTime);
            return null;
        });
        DateTime start = replay.Now.UtcDateTime;

        replay.Run();
        replay.Now += s_minute;
        replay.Run((0, null));

        Assert.Equal([start, start, start + s_minute], seen);
        Assert.All(seen, time => Assert.Equal(DateTimeKind.Utc, time.Kind));
    }

    [Fact]
    public void CurrentUtcDateTime_WhenTheMachinesClockGoesBack_DoesNot()
    {
        List<DateTime> seen = [];
        Replay replay = new(async context =>
        {
            await context.CallActivityAsync("A");
            seen.Add(context.CurrentUtcDateTime);
            return null;
        });
        DateTime start = replay.Now.UtcDateTime;

        replay.Run();
        replay.Now -= s_minute;
        replay.Run((0, null));

        Assert.Equal([start], seen);
    }

    [Fact]
    public void ReplaySafeLogger_OverManyEpisodes_WritesEachEntryOnce()
    {
        using LogSink logs = new();
        Replay replay = new(
            async context =>
            {
                ILogger logger = context.CreateReplaySafeLogger("code");
                logger.LogInformation("before");
                await context.CallActivityAsync("A");
                logger.LogInformation("between");
                await context.CallActivityAsync("B");
                return null;
            },
            logs.Factory);

        replay.Run();
        replay.Run((0, null));
        replay.Run((1, null));

        Assert.Single(logs.Entries, entry => entry.Contains("before", StringComparison.Ordinal));
        Assert.Single(logs.Entries, entry => entry.Contains("between", StringComparison.Ordinal));
    }

    [Fact]
    public void IsReplaying_IsTrueOnlyForWhatWasDoneBefore()
    {
        List<bool> seen = [];
        Replay replay = new(async context =>
        {
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync("A");
            seen.Add(context.IsReplaying);
            return null;
        });

        replay.Run();
        replay.Run((0, null));

        Assert.Equal([false, true, false], seen);
    }

    [Fact]
    public void ChangedCode_ThatCallsAnotherActivity_FailsAsNonDeterministic()
    {
        Replay replay = new(async context =>
        {
            await context.CallActivityAsync("A");
            return null;
        });
        replay.Run();

        replay.Code = async context =>
        {
            await context.CallActivityAsync("B");
            return null;
        };

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run((0, null)));
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", replay.State.Failure?.ErrorType);
        Assert.StartsWith("Non-Deterministic workflow detected: ", replay.State.Failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedCode_ThatDoesLess_FailsAsNonDeterministic()
    {
        Replay replay = new(async context =>
        {
            await context.CallActivityAsync("A");
            return null;
        });
        replay.Run();

        replay.Code = _ => Task.FromResult<object?>(null);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run((0, null)));
        Assert.Contains("'A'", replay.State.Failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedCode_ThatCreatesATimerInsteadOfACall_FailsAsNonDeterministic()
    {
        Replay replay = new(async context =>
        {
            await context.CallActivityAsync("A");
            return null;
        });
        replay.Run();

        replay.Code = async context =>
        {
            await context.CreateTimer(s_minute, CancellationToken.None);
            return null;
        };

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run((0, null)));
        Assert.Contains("created a timer instead", replay.State.Failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAll_OfActivities_CollectsResultsWhateverTheOrderTheyEndIn()
    {
        Replay replay = new(async context =>
            string.Concat(await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("A", i)))));

        replay.Run();
        replay.Run((2, "\"c\""), (0, "\"a\""));
        replay.Run((1, "\"b\""));

        Assert.Equal("\"abc\"", replay.State.Output);
    }

    [Fact]
    public void WhenAny_ThenAwait_StaysOnTheOrchestratorsScheduler()
    {
        Replay replay = new(async context =>
        {
            Task<string> a = context.CallActivityAsync<string>("A");
            Task<string> b = context.CallActivityAsync<string>("B");
            Task<string> first = await Task.WhenAny(a, b);
            return await first + await context.CallActivityAsync<string>("C");
        });

        replay.Run();
        replay.Run((1, "\"b\""));
        replay.Run((2, "\"c\""));
        Assert.Equal(OrchestrationRuntimeStatus.Running, replay.State.Status);

        // As in the real engine, the orchestration ends when what it began has.
        replay.Run((0, "\"a\""));
        Assert.Equal("\"bc\"", replay.State.Output);
    }

    [Fact]
    public void ContinueWith_InOrchestratorCode_RunsOnTheOrchestratorsScheduler()
    {
        Replay replay = new(async context =>
            await context.CallActivityAsync<int>("A").ContinueWith(
                task => task.GetAwaiter().GetResult() + 1, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current));

        replay.Run();
        replay.Run((0, "41"));

        Assert.Equal("42", replay.State.Output);
    }

    [Fact]
    public void UnhandledException_FailsTheOrchestrationWithItsCauses()
    {
        Replay replay = new(_ => throw new InvalidOperationException("outer", new ArgumentException("inner")));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run());
        Assert.Equal("System.InvalidOperationException", replay.State.Failure?.ErrorType);
        Assert.Equal("outer", replay.State.Failure?.ErrorMessage);
        Assert.Equal("System.ArgumentException", replay.State.Failure?.InnerFailure?.ErrorType);
        Assert.NotNull(replay.State.Failure?.StackTrace);
    }

    [Fact]
    public void UnhandledTaskFailure_CarriesTheActivitysFailureInside()
    {
        Replay replay = new(async context => await context.CallActivityAsync<string>("A"));
        replay.Run();
        TaskFailureDetails failure = new("My.Exception", "boom", "at somewhere", null, null);

        replay.Settle(new Message.TaskSettled(Replay.Id, replay.State.Start.Execution, 0, null, failure));

        Assert.Equal("Microsoft.DurableTask.TaskFailedException", replay.State.Failure?.ErrorType);
        Assert.Equal("Task 'A' (#0) failed with an unhandled exception: boom", replay.State.Failure?.ErrorMessage);
        Assert.Equal(failure, replay.State.Failure?.InnerFailure);
    }

    [Fact]
    public void CustomStatus_ThatCannotBeSerialized_FailsTheOrchestration()
    {
        Replay replay = new(context =>
        {
            context.SetCustomStatus(new Func<int>(() => 1));
            return Task.FromResult<object?>(null);
        });

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run());
    }

    [Fact]
    public void CallActivity_GivenOptionsAsInput_IsRefused()
    {
        Replay replay = new(async context =>
        {
            await context.CallActivityAsync<string>("A", (object)new TaskOptions());
            return null;
        });

        Assert.Equal(OrchestrationRuntimeStatus.Failed, replay.Run());
        Assert.Equal("System.ArgumentException", replay.State.Failure?.ErrorType);
    }

    [Fact]
    public void EndOfATaskOfAnEarlierExecution_MeansNothing()
    {
        Replay replay = new(async context => await context.CallActivityAsync<string>("A"));
        replay.Run();

        replay.Settle(new Message.TaskSettled(Replay.Id, "another", 0, "\"x\""));

        Assert.Equal(OrchestrationRuntimeStatus.Running, replay.State.Status);
        Assert.DoesNotContain(replay.State.History, happened => happened is HistoryEvent.TaskSucceeded);
    }

    [Fact]
    public void Result_OfAnotherJsonCase_IsReadAsTheRealConverterReadsIt()
    {
        Replay replay = new(async context => (await context.CallActivityAsync<Payload>("A")).Value);
        replay.Run();

        replay.Run((0, """{"value":1,"Field":2}"""));

        Assert.Equal("2", replay.State.Output);
    }

    private sealed class Payload
    {
#pragma warning disable CA1051, CS0649 // The converter is known to read fields, and names as they are written.
        public int Field;
#pragma warning restore CA1051, CS0649

        public int Value => Field;
    }
}
