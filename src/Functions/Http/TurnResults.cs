using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Storage;
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
