using FunctionsBroker.Sessions.Keys;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace FunctionsBroker.Functions.Orchestration;

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
