using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Sessions;

/// <summary><c>PUT /api/sessions/{sessionId}</c>: how a session is to be. It is made where there is none.</summary>
internal sealed class PutSessionFunction(SessionConfigurator configurator, SessionReader reader)
{
    [Function("PutSession")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/sessions/{sessionId}")] HttpRequest request,
        string sessionId,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidSessionId());
        }

        var read = await RequestBody.ReadAsync(request, ContractsJsonContext.Default.PutSessionRequest, cancellationToken);
        if (!read.TryGet(out var body, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        return await configurator.PutAsync(session, body, cancellationToken) switch
        {
            PutOutcome.Refused refused => TurnResults.Problem(refused.Problem),
            PutOutcome.Done { IsNew: true } done => SessionResults.Session(
                done.Session.ToResource(live: null),
                StatusCodes.Status201Created,
                $"/api/sessions/{session.Value}"),
            PutOutcome.Done done => SessionResults.Session(await reader.DescribeAsync(done.Session, cancellationToken)),
            _ => throw new UnreachableException(),
        };
    }
}
