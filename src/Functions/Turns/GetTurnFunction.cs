using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
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
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidSessionId());
        }

        if (!TurnId.TryParse(turnId, out var turn))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidTurnId());
        }

        return await turns.FindAsync(session, turn, cancellationToken) is { } found
            ? TurnResults.Turn(found.Value)
            : TurnResults.Problem(ProblemCatalogue.TurnNotFound());
    }
}
