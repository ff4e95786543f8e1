using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Api;

/// <summary><c>GET /sessions/{sessionId}/turns/{turnId}/events</c>: what happens in a turn, while it happens.</summary>
internal static class ListenEndpoint
{
    private const string LastEventId = "Last-Event-ID";

    public static IResult Listen(
        string sessionId,
        string turnId,
        HttpRequest request,
        TurnRelays relays,
        SessionHostOptions options,
        TimeProvider time)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        return relays.Find(session, PathSegment.Decode(turnId)) is { } relay
            ? new TurnEventStream(relay, request.Headers[LastEventId], options.EventHeartbeat, time)
            : new ProblemResult(ProblemCatalogue.TurnNotFound());
    }
}
