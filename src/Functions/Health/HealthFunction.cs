using FunctionsBroker.Functions.Hosts;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Health;

/// <summary><c>GET /api/health</c>: 200 when the front can serve, which it can when storage answers. Open, and says nothing private.</summary>
internal sealed class HealthFunction(HostDirectory hosts)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Function("Health")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/health")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await hosts.ListAsync(patience.Token);
            return Results.Json(new { status = "ok" });
        }
        catch (Exception exception) when (exception is Azure.RequestFailedException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Results.Json(new { status = "storage is unreachable" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
