using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Sessions;

/// <summary><c>GET /api/sessions/{sessionId}/turns</c>: the session's turns, newest first, a page at a time.</summary>
internal sealed class ListTurnsFunction(TurnHistory history)
{
    private const string Prompt = "prompt";

    [Function("ListTurns")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}/turns")] HttpRequest request,
        string sessionId,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidSessionId());
        }

        if (!QueryPart.TryReadLimit(request, out var limit, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var (from, include) = (QueryPart.Text(request, "before"), QueryPart.Text(request, "include"));
        if (!TurnListing.TryParse(from, out var before) && from is not null)
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidRequest("'before' is the 'next' of an earlier page."));
        }

        if (include is not null and not Prompt)
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidRequest($"'include' may be '{Prompt}'."));
        }

        var page = await history.ReadAsync(session, before, limit, include is Prompt, cancellationToken);
        return new JsonResult<TurnPage>(page, ContractsJsonContext.Default.TurnPage, StatusCodes.Status200OK);
    }
}
