using FunctionsBroker.Access;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Metrics;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Mvc;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>The host API: what the front asks of a session host.</summary>
internal static class HostEndpoints
{
    /// <summary>The largest body of a turn: the longest prompt, every byte of it escaped, its envelope, and all attachments.</summary>
    public const int MaxBodyBytes = TurnLimits.MaxBodyBytesWithAttachments;

    private const int MaxDecisionBytes = 1024 * 1024;

    public static void MapHostApi(this WebApplication app, CallerGate gate)
    {
        app.MapGet("/healthz", HealthEndpoint.Live);
        app.MapGet("/healthz/ready", HealthEndpoint.ReadyAsync);
        app.MapPost("/hooks/{route}/{name}", HookEndpoint.TakeAsync).WithMetadata(new RequestSizeLimitAttribute(HookEventReader.MaxBodyBytes));

        var api = app.MapGroup("/").AddEndpointFilter(new CallerFilter(gate));
        api.MapPost("/sessions/{sessionId}/turns", SubmitEndpoint.SubmitAsync);
        api.MapGet("/sessions/{sessionId}/turns/{turnId}", FindAsync);
        api.MapPost("/sessions/{sessionId}/turns/{turnId}/cancel", CancelAsync);
        api.MapGet("/sessions/{sessionId}/turns/{turnId}/events", ListenEndpoint.Listen);
        api.MapPost("/sessions/{sessionId}/permissions/{requestId}", PermissionEndpoint.DecideAsync).WithMetadata(new RequestSizeLimitAttribute(MaxDecisionBytes));
        api.MapGet("/sessions/{sessionId}/history", HistoryEndpoint.ReadAsync);
        api.MapGet("/metrics", (MetricsCollector metrics) => Results.Text(metrics.Write(), OpenMetricsText.ContentType));
        api.MapGet("/sessions", List);
        api.MapGet("/sessions/{sessionId}", Show);
        api.MapDelete("/sessions/{sessionId}", DeleteAsync);
        api.MapPost("/sessions/{sessionId}/recycle", Recycle);
        api.MapPost("/drain", Drain);
    }

    private static async Task<IResult> FindAsync(string sessionId, string turnId, SessionPool pool)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        return await pool.FindTurnAsync(session, PathSegment.Decode(turnId)) is { } turn
            ? Results.Json(turn, ContractsJsonContext.Default.HostTurn)
            : new ProblemResult(ProblemCatalogue.TurnNotFound());
    }

    private static async Task<IResult> CancelAsync(string sessionId, string turnId, SessionPool pool)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        return await pool.CancelTurnAsync(session, PathSegment.Decode(turnId)) is { } turn
            ? Results.Json(
                turn,
                ContractsJsonContext.Default.HostTurn,
                statusCode: turn.State == HostTurnState.Running ? StatusCodes.Status202Accepted : StatusCodes.Status200OK)
            : new ProblemResult(ProblemCatalogue.TurnNotFound());
    }

    private static IResult List(SessionPool pool) =>
        Results.Json<IReadOnlyList<HostSession>>(
            [.. pool.Describe(FamilyMemory.Read()).OrderBy(session => session.SessionId, StringComparer.Ordinal)],
            ContractsJsonContext.Default.IReadOnlyListHostSession);

    private static IResult Show(string sessionId, SessionPool pool)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        return pool.Describe(session, FamilyMemory.Read()) is { } shown
            ? Results.Json(shown, ContractsJsonContext.Default.HostSession)
            : new ProblemResult(ProblemCatalogue.SessionNotFound());
    }

    private static async Task<IResult> DeleteAsync(string sessionId, string? route, SessionPool pool)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        RouteId? released = RouteId.TryParse(route, out var parsed) ? parsed : null;
        if (route is not null && released is null)
        {
            return new ProblemResult(ProblemCatalogue.InvalidRequest("'route' is 32 lower-case hexadecimal digits."));
        }

        return await pool.DeleteAsync(session, released) is { } problem ? new ProblemResult(problem) : Results.NoContent();
    }

    private static IResult Recycle(string sessionId, SessionPool pool)
    {
        if (!SessionId.TryParse(PathSegment.Decode(sessionId), out var session))
        {
            return new ProblemResult(ProblemCatalogue.InvalidSessionId());
        }

        return pool.TryRecycle(session) ? Results.Accepted() : new ProblemResult(ProblemCatalogue.SessionNotFound());
    }

    private static IResult Drain(SessionPool pool)
    {
        pool.BeginDrain();
        return Results.Accepted();
    }
}
