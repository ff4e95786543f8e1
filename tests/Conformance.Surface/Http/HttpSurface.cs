using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Conformance.Surface.Http;

/// <summary>Forms of HTTP and timer functions.</summary>
public static class HttpSurface
{
    [Function("SurfacePost")]
    public static async Task<IActionResult> PostAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "surface/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var parcel = await request.ReadFromJsonAsync<Parcel>(cancellationToken);
        return new OkObjectResult(new { id, parcel, client.Name, context.InvocationId });
    }

    [Function("SurfaceGet")]
    public static async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "surface/{id}")] HttpRequest request, string id)
    {
        await Task.Yield();
        return Results.Json(new { id, request.Method }, statusCode: StatusCodes.Status200OK);
    }

    [Function("SurfaceTimer")]
    public static string Tick([TimerTrigger("%Sweep%", RunOnStartup = false, UseMonitor = true)] TimerInfo timer) =>
        $"{timer.IsPastDue} {timer.ScheduleStatus?.Next} {timer.ScheduleStatus?.Last} {timer.ScheduleStatus?.LastUpdated}";
}
