using System.Diagnostics;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions;

/// <summary>The front's spans.</summary>
internal static class Diagnostics
{
    public const string SourceName = "FunctionsBroker.Front";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>Begins a span of a step of a turn, in the trace that the turn came with and not in that of the function that carries it out.</summary>
    public static Activity? StartStep(string name, TurnRecord turn)
    {
        _ = ActivityContext.TryParse(turn.TraceParent, null, isRemote: true, out var parent);
        return s_source.StartActivity(name, ActivityKind.Internal, parent)?
            .SetTag("broker.session_id", turn.SessionId.Value)
            .SetTag("broker.turn_id", turn.TurnId.Value);
    }
}
