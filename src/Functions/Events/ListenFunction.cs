using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Events;

/// <summary><c>GET /api/sessions/{sessionId}/turns/{turnId}/events</c>: what happens in a turn, while it happens.</summary>
internal sealed class ListenFunction(ITurnStore turns, ITurnEventSource source, IOptions<BrokerOptions> options, TimeProvider time)
{
    private const string LastEventId = "Last-Event-ID";

    [Function("Listen")]
    public async Task<IResult> RunAsync(
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
}
