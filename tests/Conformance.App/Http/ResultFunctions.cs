using FunctionsBroker.Conformance.App.Observation;
using FunctionsBroker.Conformance.App.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace FunctionsBroker.Conformance.App.Http;

/// <summary>Functions that differ by what they take and answer.</summary>
public sealed class ResultFunctions(Journal journal)
{
    [Function("Minimal")]
    public static IResult Minimal([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/minimal")] HttpRequest request) =>
        Results.Json(new { CamelCase = true }, statusCode: StatusCodes.Status201Created);

    [Function("Action")]
    public static IActionResult Action([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/action/{kind}")] HttpRequest request, string kind) =>
        kind switch
        {
            "object" => new OkObjectResult(new { Name = "x" }),
            "created" => new CreatedResult("/somewhere", new { id = 1 }),
            "content" => new ContentResult { Content = "<p/>", ContentType = "text/html", StatusCode = StatusCodes.Status202Accepted },
            "none" => new NoContentResult(),
            "file" => new FileContentResult([1, 2, 3], "application/octet-stream"),
            "redirect" => new RedirectResult("/api/routes/any"),
            _ => new StatusCodeResult(StatusCodes.Status418ImATeapot),
        };

    [Function("Direct")]
    public static async Task DirectAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/direct")] HttpRequest request, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.StatusCode = StatusCodes.Status203NonAuthoritative;
        response.Headers["x-direct"] = "yes";
        await response.WriteAsync("written directly", cancellationToken);
    }

    [Function("Headers")]
    public static IResult Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "results/headers")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.Append("x-several", "one");
        request.HttpContext.Response.Headers.Append("x-several", "two");
        return Results.Text(request.Headers["x-asked"].ToString());
    }

    [Function("EchoBody")]
    public static async Task<IResult> EchoBodyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "results/echo")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return Results.Bytes(body.ToArray(), request.ContentType);
    }

    [Function("FromBody")]
    public static IResult TakeBody(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "results/parcel")] HttpRequest request, [FromBody] Parcel parcel) =>
        Results.Text($"{parcel.Text} {parcel.Count} {request.Method}");

    [Function("Streamed")]
    public async Task StreamAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/stream/{topic}")] HttpRequest request,
        string topic,
        CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        await response.WriteAsync("data: first\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        await journal.WaitAsync(topic, cancellationToken);
        await response.WriteAsync("data: last\n\n", cancellationToken);
    }

    [Function("Note")]
    public IResult Note([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "journal/{topic}")] HttpRequest request, string topic)
    {
        journal.Add(topic, request.Method);
        return Results.NoContent();
    }

    [Function("WaitForever")]
    public async Task<IResult> WaitForeverAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/forever/{topic}")] HttpRequest request,
        string topic,
        CancellationToken cancellationToken)
    {
        journal.Add(topic, "began");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return Results.Ok();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            journal.Add(topic, request.HttpContext.RequestAborted.IsCancellationRequested ? "caller left" : "cancelled");
            throw;
        }
    }

    [Function("Crashes")]
    public static IResult Crash([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/crash")] HttpRequest request) =>
        throw new InvalidOperationException("not for the caller's eyes");
}
