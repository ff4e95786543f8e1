using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Keys;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Runs one turn to its one end: dispatch, wait, probe, try again, publish, tell the mailbox.</summary>
internal static partial class TurnOrchestration
{
    /// <summary>The event by which a session host's callback says that an attempt has ended.</summary>
    public const string TurnFinishedEvent = "TurnFinished";

    /// <summary>The event by which the mailbox says that the turn is to be stopped, and why.</summary>
    public const string StopEvent = "StopTurn";

    // Storage that is down for a while must not lose a turn: about ten minutes of trying.
    private static readonly TaskOptions s_stepRetry = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 25,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 1.5,
        maxRetryInterval: TimeSpan.FromSeconds(30)));

    // A reply must get out, and the session's next turn has to wait for it: about a day of trying.
    private static readonly TaskOptions s_publishRetry = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 300,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 1.5,
        maxRetryInterval: TimeSpan.FromMinutes(5)));

    [Function(nameof(TurnOrchestration))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RunTurn input)
    {
        var run = new TurnRun(context, input, s_stepRetry);
        try
        {
            var problem = input.Refusal ?? await RunAsync(run, context, input);
            await context.CallActivityAsync(
                nameof(TurnActivities.PublishReply),
                new PublishReply(input.SessionId, input.TurnId, problem),
                s_publishRetry);
        }
        finally
        {
            // Whatever broke: the session's other turns go on, and a turn without an end is found by the sweep.
            await context.Entities.SignalEntityAsync(
                SessionEntity.IdOf(input.SessionId),
                nameof(SessionEntity.Finish),
                new FinishTurn(input.SessionId, input.TurnId, run.Placement));
        }
    }

    private static async Task<Problem?> RunAsync(TurnRun run, TaskOrchestrationContext context, RunTurn input)
    {
        try
        {
            return await run.RunAsync();
        }
        catch (TaskFailedException exception)
        {
            // A step has failed for longer than storage is ever away while orchestrations go on: it never will succeed.
            LogStepFailed(context.CreateReplaySafeLogger(nameof(TurnOrchestration)), exception, input.TurnId.Value, input.SessionId.Value);
            return ProblemCatalogue.InternalError(context.InstanceId);
        }
    }

    [LoggerMessage(EventIds.TurnBroke, LogLevel.Error, "Turn {TurnId} of session {SessionId} is given up: one of its steps fails")]
    private static partial void LogStepFailed(ILogger logger, Exception exception, string turnId, string sessionId);
}

/// <summary>The steps of a turn that touch the world. Each may run twice and then has one effect.</summary>
internal sealed class TurnActivities(TurnDispatcher dispatcher, TurnProbe probe, TurnPublisher publisher)
{
    [Function(nameof(DispatchTurn))]
    public Task<DispatchOutcome> DispatchTurn([ActivityTrigger] DispatchTurn input, CancellationToken cancellationToken) =>
        dispatcher.DispatchAsync(input, cancellationToken);

    [Function(nameof(ProbeTurn))]
    public Task<ProbeOutcome> ProbeTurn([ActivityTrigger] ProbeTurn input, CancellationToken cancellationToken) =>
        probe.AskAsync(input, cancellationToken);

    [Function(nameof(CancelAttempt))]
    public Task<ProbeOutcome> CancelAttempt([ActivityTrigger] ProbeTurn input, CancellationToken cancellationToken) =>
        probe.CancelAsync(input, cancellationToken);

    [Function(nameof(PublishReply))]
    public Task PublishReply([ActivityTrigger] PublishReply input, CancellationToken cancellationToken) =>
        publisher.PublishAsync(input, cancellationToken);
}

/// <summary>Stops a running turn for its mailbox: an entity can start orchestrations, but not raise their events.</summary>
internal static class TurnStop
{
    [Function(nameof(StopTurn))]
    public static Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, StopTurn input)
    {
        context.SendEvent(StorageKeys.TurnInstanceId(input.SessionId, input.TurnId), TurnOrchestration.StopEvent, input.Problem);
        return Task.CompletedTask;
    }
}
