using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Sessions;

/// <summary><c>GET /api/sessions/{sessionId}</c>: a session with what it is doing and how many turns wait in it.</summary>
internal sealed class GetSessionFunction(SessionReader reader)
{
    [Function("GetSession")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidSessionId());
        }

        if (await reader.FindAsync(session, cancellationToken) is not { } found)
        {
            return TurnResults.Problem(ProblemCatalogue.SessionNotFound());
        }

        var mailbox = await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(session), includeState: true, cancellationToken);
        return SessionResults.Session(found with { WaitingTurns = mailbox?.State.Waiting.Count ?? 0 });
    }
}
