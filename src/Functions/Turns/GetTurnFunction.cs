using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Turns;

/// <summary><c>GET /api/sessions/{sessionId}/turns/{turnId}</c>: a turn's status and reply.</summary>
internal sealed class GetTurnFunction(ITurnStore turns)
{
    [Function("GetTurn")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}/turns/{turnId}")] HttpRequest request,
        string sessionId,
        string turnId,
        CancellationToken cancellationToken)
    {
        if (!TurnPath.TryRead(sessionId, turnId, out var session, out var turn, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        return await turns.FindAsync(session, turn, cancellationToken) is { } found
            ? TurnResults.Turn(found.Value)
            : TurnResults.Problem(ProblemCatalogue.TurnNotFound());
    }
}
