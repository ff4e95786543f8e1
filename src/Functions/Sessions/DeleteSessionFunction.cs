using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Sessions;

/// <summary><c>DELETE /api/sessions/{sessionId}</c>: ends a session and removes everything of it.</summary>
internal sealed class DeleteSessionFunction(SessionDeletion deletion)
{
    [Function("DeleteSession")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/sessions/{sessionId}")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(sessionId, out var session))
        {
            return TurnResults.Problem(ProblemCatalogue.InvalidSessionId());
        }

        if (!await deletion.BeginAsync(session, durable, cancellationToken))
        {
            return TurnResults.Problem(ProblemCatalogue.SessionNotFound());
        }

        return await deletion.WaitAsync(session, WaitPreference.Read(request), durable, cancellationToken)
            ? Results.NoContent()
            : Results.Accepted($"/api/sessions/{session.Value}");
    }
}
