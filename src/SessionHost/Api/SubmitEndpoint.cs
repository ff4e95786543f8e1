using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Actors;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Api;

/// <summary><c>POST /sessions/{sessionId}/turns</c>: run this turn, or join the run that is there.</summary>
internal static class SubmitEndpoint
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);

    /// <param name="wait">How many seconds the caller stays on the line for the end of the turn; null when not at all.</param>
    public static async Task<IResult> SubmitAsync(string sessionId, int? wait, HttpRequest body, SessionPool pool, TimeProvider time)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        var (request, problem) = await HostTurnRequestReader.ReadAsync(body, body.HttpContext.RequestAborted);
        if (request is null)
        {
            return new ProblemResult(problem ?? ProblemCatalogue.InvalidRequest("The body cannot be read."));
        }

        return await pool.SubmitAsync(session, request) switch
        {
            SubmitOutcome.Accepted(var turn, var recorded, var line) when wait > 0 => new SubmittedTurn(turn, recorded, line, Limit(wait.Value), time),
            SubmitOutcome.Accepted accepted => Results.Json(
                accepted.Turn,
                ContractsJsonContext.Default.HostTurn,
                statusCode: StatusCodes.Status202Accepted),
            SubmitOutcome.Rejected(var refusal) => new ProblemResult(refusal),
            var other => throw new UnreachableException(other.ToString()),
        };
    }

    private static TimeSpan Limit(int seconds) => seconds < s_longestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : s_longestWait;
}
