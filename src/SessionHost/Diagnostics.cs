using System.Diagnostics;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost;

/// <summary>The host's spans.</summary>
internal static class Diagnostics
{
    public const string SourceName = "FunctionsBroker.SessionHost";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Begins the span of a turn's attempt, in the trace that the turn came with.</summary>
    /// <remarks>Where nobody collects spans one is made all the same: the calls that the turn makes are to carry its trace.</remarks>
    public static Activity? StartTurn(SessionId session, HostTurnRequest request)
    {
        const string Name = "turn";
        _ = ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out var parent);
        var activity = s_source.StartActivity(Name, ActivityKind.Consumer, parent);
        if (activity is null && parent != default)
        {
            activity = new Activity(Name).SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
        }

        return activity?
            .SetTag("broker.session_id", session.Value)
            .SetTag("broker.turn_id", request.TurnId)
            .SetTag("broker.epoch", request.Epoch)
            .SetTag("broker.attempt", request.Attempt);
    }
}
