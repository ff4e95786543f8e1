using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>How turns and problems look as HTTP answers.</summary>
internal static class TurnResults
{
    /// <summary>What a submission is answered.</summary>
    public static IResult Submitted(IntakeResult result) => result switch
    {
        IntakeResult.Accepted accepted => Submitted(accepted.Turn),
        IntakeResult.Refused refused => Problem(refused.Problem),
        _ => throw new UnreachableException(),
    };

    /// <summary>200 for a turn that has ended, 202 with <c>Location</c> for one that has not.</summary>
    public static IResult Submitted(TurnRecord turn) =>
        turn.Status.IsTerminal()
            ? Turn(turn)
            : new JsonResult<TurnResource>(
                turn.ToResource(),
                ContractsJsonContext.Default.TurnResource,
                StatusCodes.Status202Accepted,
                turn.Location());

    public static IResult Turn(TurnRecord turn) =>
        new JsonResult<TurnResource>(turn.ToResource(), ContractsJsonContext.Default.TurnResource, StatusCodes.Status200OK);

    public static IResult Problem(Problem problem) => new ProblemResult(problem);
}

/// <summary>A turn's row as the outside sees it.</summary>
internal static class TurnRecordExtensions
{
    public static TurnResource ToResource(this TurnRecord turn) => TurnResources.Of(turn);

    public static ReplyMessage ToReplyMessage(this TurnRecord turn) => new()
    {
        TurnId = turn.TurnId.Value,
        SessionId = turn.SessionId.Value,
        Status = turn.Status,
        Origin = turn.Origin,
        BegunBy = turn.BegunBy?.Value,
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

    /// <summary>The turn's path in the API.</summary>
    public static string Location(this TurnRecord turn) =>
        $"/api/sessions/{PathSegment.Of(turn.SessionId)}/turns/{PathSegment.Of(turn.TurnId)}";
}
