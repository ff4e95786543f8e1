using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Turns;

/// <summary><c>POST /api/sessions/{sessionId}/turns/{turnId}/cancel</c>: a turn that waits does not run any more, one that runs is stopped.</summary>
internal sealed class CancelTurnFunction(ITurnStore turns, TurnWaiter waiter)
{
    [Function("CancelTurn")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/turns/{turnId}/cancel")] HttpRequest request,
        string sessionId,
        string turnId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!TurnPath.TryRead(sessionId, turnId, out var session, out var turn, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        if (await turns.FindAsync(session, turn, cancellationToken) is not { } found)
        {
            return TurnResults.Problem(ProblemCatalogue.TurnNotFound());
        }

        if (found.Value.Status.IsTerminal())
        {
            return TurnResults.Turn(found.Value);
        }

        await SessionEntity.CancelAsync(durable, session, turn, cancellationToken);
        return TurnResults.Submitted(await waiter.WaitAsync(found.Value, WaitPreference.Read(request), cancellationToken));
    }
}
