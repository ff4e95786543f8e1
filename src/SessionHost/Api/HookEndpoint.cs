using System.Net;
using System.Net.Mime;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Metrics;

namespace FunctionsBroker.SessionHost.Api;

/// <summary><c>POST /hooks/{route}/{event}</c>: the hooks of <c>claude</c> processes on this machine report here.</summary>
/// <remarks>
/// For callers on the loopback interface only, each with the secret of its own process: as a bearer token or, where a
/// sender can set no header, as the address's <c>secret</c>.
/// </remarks>
internal static class HookEndpoint
{
    private const string Bearer = "Bearer ";
    private const string SecretParameter = "secret";

    public static async Task<IResult> TakeAsync(string route, string name, HttpRequest request, HookRoutes routes, HostMetrics metrics)
    {
        if (request.HttpContext.Connection.RemoteIpAddress is not { } caller || !IPAddress.IsLoopback(caller))
        {
            return new ProblemResult(ProblemCatalogue.Unauthorized());
        }

        var aborted = request.HttpContext.RequestAborted;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, aborted);
        var delivery = await routes.DeliverAsync(route, SecretOf(request), name, body.GetBuffer().AsMemory(0, (int)body.Length), aborted);
        metrics.Hooked(name, ResultOf(delivery));
        return delivery switch
        {
            HookDelivery.Accepted(var answer) => answer == HookAnswer.None ? Results.NoContent() : Results.Text(answer.Json, MediaTypeNames.Application.Json),
            HookDelivery.Unreadable => new ProblemResult(ProblemCatalogue.InvalidJson($"The body is not the payload of a hook '{name}'.")),
            _ => new ProblemResult(ProblemCatalogue.Unauthorized()),
        };
    }

    private static string ResultOf(HookDelivery delivery) =>
        delivery switch
        {
            HookDelivery.Accepted => "accepted",
            HookDelivery.Unreadable => "unreadable",
            _ => "refused",
        };

    private static string SecretOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var shown && shown.StartsWith(Bearer, StringComparison.Ordinal)
            ? shown[Bearer.Length..]
            : request.Query[SecretParameter].ToString();
}
