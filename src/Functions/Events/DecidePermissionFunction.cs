using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Events;

/// <summary><c>POST /api/sessions/{sessionId}/permissions/{requestId}</c>: somebody decides whether a tool may run.</summary>
internal sealed class DecidePermissionFunction(PermissionDesk desk)
{
    [Function("DecidePermission")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/permissions/{requestId}")] HttpRequest request,
        string sessionId,
        string requestId,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidSessionId());
        }

        var read = await RequestBody.ReadAsync(request, ContractsJsonContext.Default.PermissionAnswer, cancellationToken);
        if (!read.TryGet(out var answer, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        return await desk.DecideAsync(session, requestId, answer, cancellationToken) is { } refusal
            ? TurnResults.Problem(refusal)
            : Results.NoContent();
    }
}
