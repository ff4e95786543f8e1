using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.Functions.Http;

/// <summary>A turn's row as the outside sees it.</summary>
internal static class TurnRecordExtensions
{
    public static TurnResource ToResource(this TurnRecord turn) => TurnResources.Of(turn);

    public static ReplyMessage ToReplyMessage(this TurnRecord turn) => new()
    {
        TurnId = turn.TurnId.Value,
        SessionId = turn.SessionId.Value,
        Status = turn.Status,
        Text = turn.Reply?.Text,
        TextLocation = turn.Location(),
        Usage = turn.Reply?.Usage,
        CostUsd = turn.Reply?.CostUsd,
        Transport = turn.Reply?.Transport,
        Notices = turn.Reply?.Notices ?? [],
        Attempts = turn.Attempts,
        Timings = turn.Timings,
        Metadata = turn.Metadata,
        Problem = turn.Problem,
        TraceParent = turn.TraceParent,
    };

    /// <summary>The turn's path in the API. Ids hold only characters that are legal in a path segment (RFC 3986 pchar).</summary>
    public static string Location(this TurnRecord turn) =>
        $"/api/sessions/{turn.SessionId.Value}/turns/{turn.TurnId.Value}";
}
