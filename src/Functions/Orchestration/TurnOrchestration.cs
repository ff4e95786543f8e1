using FunctionsBroker.Functions.Mailbox;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Runs one turn to its one end: dispatch, wait, probe, try again, publish, tell the mailbox.</summary>
internal static class TurnOrchestration
{
    /// <summary>The event by which a session host's callback says that an attempt has ended.</summary>
    public const string TurnFinishedEvent = "TurnFinished";

    // Storage that is down for a while must not lose a turn: about ten minutes of trying.
    private static readonly TaskOptions s_storageRetry = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 25,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 1.5,
        maxRetryInterval: TimeSpan.FromSeconds(30)));

    [Function(nameof(TurnOrchestration))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RunTurn input)
    {
        var run = new TurnRun(context, input, s_storageRetry);
        var problem = input.Refusal ?? await run.RunAsync();
        await context.CallActivityAsync(
            nameof(TurnActivities.PublishReply),
            new PublishReply(input.SessionId, input.TurnId, problem),
            s_storageRetry);
        await context.Entities.SignalEntityAsync(
            SessionEntity.IdOf(input.SessionId),
            nameof(SessionEntity.Finish),
            new FinishTurn(input.TurnId, run.Placement));
    }
}
