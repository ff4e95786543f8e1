using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Sessions;

/// <summary><c>GET /api/sessions</c>: the sessions that there are, a page at a time.</summary>
internal sealed class ListSessionsFunction(SessionReader reader)
{
    [Function("ListSessions")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (!SessionListingQuery.TryRead(request, out var listing, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var page = await reader.ListAsync(listing, cancellationToken);
        return new JsonResult<SessionPage>(page, ContractsJsonContext.Default.SessionPage, StatusCodes.Status200OK);
    }
}
