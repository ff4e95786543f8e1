using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Events;

/// <summary>The calls that listen to a turn and decide what it asks.</summary>
internal sealed class EventFunctions(
    ITurnStore turns,
    ITurnEventSource source,
    PermissionDesk desk,
    IOptions<BrokerOptions> options,
    TimeProvider time)
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary><c>GET /api/sessions/{sessionId}/turns/{turnId}/events</c>: what happens in a turn, while it happens.</summary>
    [Function("Listen")]
    public async Task<IResult> ListenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/sessions/{sessionId}/turns/{turnId}/events")] HttpRequest request,
        string sessionId,
        string turnId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!TurnPath.TryRead(sessionId, turnId, out var session, out var turn, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var lastEventId = request.Headers[LastEventId].FirstOrDefault();
        if (EventCursor.Parse(lastEventId).Stage == EventStage.Ended)
        {
            // Tells an EventSource that it need not come again.
            return Results.NoContent();
        }

        if (await turns.FindAsync(session, turn, cancellationToken) is not { } found)
        {
            return TurnResults.Problem(ProblemCatalogue.TurnNotFound());
        }

        var events = source.ListenAsync(found.Value, lastEventId, new EntityMailbox(durable), cancellationToken);
        return new TurnEventStream(events, options.Value.EventHeartbeat, time, cancellationToken);
    }

    /// <summary><c>POST /api/sessions/{sessionId}/permissions/{requestId}</c>: somebody decides whether a tool may run.</summary>
    [Function("DecidePermission")]
    public async Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/sessions/{sessionId}/permissions/{requestId}")] HttpRequest request,
        string sessionId,
        string requestId,
        CancellationToken cancellationToken)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
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
