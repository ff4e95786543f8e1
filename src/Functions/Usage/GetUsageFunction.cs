using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Usage;

/// <summary><c>GET /api/usage</c>: tokens and cost, by profile and by session.</summary>
internal sealed class GetUsageFunction(UsageReporter reporter, TimeProvider time)
{
    [Function("GetUsage")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/usage")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (!UsageQuery.TryRead(request, today, out var query, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var report = await reporter.ReportAsync(query, cancellationToken);
        return new JsonResult<UsageReport>(report, ContractsJsonContext.Default.UsageReport, StatusCodes.Status200OK);
    }
}
