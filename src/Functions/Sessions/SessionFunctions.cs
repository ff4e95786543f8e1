using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Callers;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>The calls that list, show, configure and remove sessions.</summary>
internal sealed class SessionFunctions(SessionReader reader, SessionConfigurator configurator, SessionDeletion deletion, TurnHistory history)
{
    private const string Prompt = "prompt";

    /// <summary><c>GET /api/sessions</c>: the sessions that there are, a page at a time.</summary>
    [Function("ListSessions")]
    [ForEveryCaller]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (!SessionListingQuery.TryRead(request, out var listing, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var own = listing with { Filter = listing.Filter with { Prefix = request.GetCaller().SessionPrefix } };
        var page = await reader.ListAsync(own, cancellationToken);
        return new JsonResult<SessionPage>(page, ContractsJsonContext.Default.SessionPage, StatusCodes.Status200OK);
    }

    /// <summary><c>GET /api/sessions/{sessionId}</c>: a session with what it is doing and how many turns wait in it.</summary>
    [Function("GetSession")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        AnswerAsync(sessionId, async session =>
        {
            if (await reader.FindAsync(session, cancellationToken) is not { } found)
            {
                return TurnResults.Problem(ProblemCatalogue.SessionNotFound());
            }

            var mailbox = await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(session), includeState: true, cancellationToken);
            return Session(found with { WaitingTurns = mailbox?.State.Waiting.Count ?? 0 });
        });

    /// <summary><c>PUT /api/sessions/{sessionId}</c>: how a session is to be. It is made where there is none.</summary>
    [Function("PutSession")]
    public Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "api/sessions/{sessionId}")] HttpRequest request,
        string sessionId,
        CancellationToken cancellationToken) =>
        AnswerAsync(sessionId, async session =>
        {
            var read = await RequestBody.ReadAsync(request, ContractsJsonContext.Default.PutSessionRequest, cancellationToken);
            if (!read.TryGet(out var body, out var problem))
            {
                return TurnResults.Problem(problem);
            }

            return await configurator.PutAsync(session, body, cancellationToken) switch
            {
                PutOutcome.Refused refused => TurnResults.Problem(refused.Problem),
                PutOutcome.Done { IsNew: true } done =>
                    Session(done.Session.ToResource(live: null), StatusCodes.Status201Created, $"/api/sessions/{PathSegment.Of(session)}"),
                PutOutcome.Done done => Session(await reader.DescribeAsync(done.Session, cancellationToken)),
                _ => throw new UnreachableException(),
            };
        });

    /// <summary><c>DELETE /api/sessions/{sessionId}</c>: ends a session and removes everything of it.</summary>
    [Function("DeleteSession")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/sessions/{sessionId}")] HttpRequest request,
        string sessionId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        AnswerAsync(sessionId, async session =>
        {
            if (!await deletion.BeginAsync(session, durable, cancellationToken))
            {
                return TurnResults.Problem(ProblemCatalogue.SessionNotFound());
            }

            return await deletion.WaitAsync(session, WaitPreference.Read(request), durable, cancellationToken)
                ? Results.NoContent()
                : Results.Accepted($"/api/sessions/{PathSegment.Of(session)}");
        });

    /// <summary><c>GET /api/sessions/{sessionId}/turns</c>: the session's turns, newest first, a page at a time.</summary>
    [Function("ListTurns")]
    public Task<IResult> ListTurnsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}/turns")] HttpRequest request,
        string sessionId,
        CancellationToken cancellationToken) =>
        AnswerAsync(sessionId, async session =>
        {
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
        });

    /// <summary>Reads the session's id, which the path names.</summary>
    private static async Task<IResult> AnswerAsync(string sessionId, Func<SessionId, Task<IResult>> answer) =>
        SessionId.TryParse(PathSegment.Decode(sessionId), out var session)
            ? await answer(session)
            : TurnResults.Problem(ProblemCatalogue.InvalidSessionId());

    private static JsonResult<SessionResource> Session(SessionResource session, int status = StatusCodes.Status200OK, string? location = null) =>
        new(session, ContractsJsonContext.Default.SessionResource, status, location);
}
