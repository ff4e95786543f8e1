using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.PlatformApp;

/// <summary>What the HTTP trigger of the platform can do: levels, routes, methods, streams, and functions that fail or are left.</summary>
public sealed partial class HttpFunctions(ILogger<HttpFunctions> logger, TimeProvider time)
{
    [Function("Hello")]
    public IResult Hello([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hello/{name}")] HttpRequest request, string name) =>
        Results.Json(new { name });

    [Function("Number")]
    public IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{value:int:min(1)}")] HttpRequest request, int value) =>
        Results.Json(new { value });

    [Function("Page")]
    public IResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pages/{page?}")] HttpRequest request, string? page) =>
        Results.Json(new { page });

    [Function("Document")]
    public IResult Document([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "documents/{*path}")] HttpRequest request, string? path) =>
        Results.Json(new { path });

    // No route: the function's name is its route.
    [Function("Guarded")]
    public IResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get", "post")] HttpRequest request) => Results.Text("guarded");

    [Function("OtherGuarded")]
    public IResult OtherGuarded([HttpTrigger(AuthorizationLevel.Function, "get", Route = "other-guarded")] HttpRequest request) =>
        Results.Text("other guarded");

    [Function("Administered")]
    public IResult Administered([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "administered")] HttpRequest request) =>
        Results.Text("administered");

    /// <summary>Answers what it was asked; the query's <c>status</c> is the answer's.</summary>
    [Function("Echo")]
    public async Task<IResult> EchoAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "delete", "patch", Route = "echo")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        request.HttpContext.Response.Headers["x-echo"] = "yes";
        var answer = new EchoAnswer(
            request.Method,
            $"{request.PathBase}{request.Path}",
            request.Query.ToDictionary(part => part.Key, part => part.Value.ToArray()),
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToArray()),
            body.ToArray());
        return Results.Json(answer, statusCode: int.TryParse(request.Query["status"], CultureInfo.InvariantCulture, out var status) ? status : 200);
    }

    /// <summary>Server-sent events: as many as the query's <c>count</c>, with <c>gap</c> milliseconds between them.</summary>
    [Function("Stream")]
    public async Task StreamAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "stream")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var count = int.Parse(request.Query["count"]!, CultureInfo.InvariantCulture);
        var gap = TimeSpan.FromMilliseconds(int.Parse(request.Query["gap"]!, CultureInfo.InvariantCulture));
        var response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        for (var number = 1; number <= count; number++)
        {
            await response.WriteAsync($"id: {number}\ndata: event {number}\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            await Task.Delay(gap, time, cancellationToken);
        }
    }

    /// <summary>Runs until it is cancelled, or for the query's <c>ms</c>; the log says that it began and how it ended.</summary>
    [Function("Slow")]
    public async Task<IResult> SlowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "slow/{name}")] HttpRequest request,
        string name,
        CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromMilliseconds(int.Parse(request.Query["ms"]!, CultureInfo.InvariantCulture));
        LogSlow(name, "began");
        try
        {
            await Task.Delay(limit, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogSlow(name, "was cancelled");
            throw;
        }

        LogSlow(name, "ended");
        return Results.Text(name);
    }

    [Function("Throw")]
    public IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throw")] HttpRequest request) =>
        throw new InvalidOperationException("This function always throws.");

    /// <summary>Ends the worker's process.</summary>
    [Function("Exit")]
    public IResult Exit([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "exit/{code:int}")] HttpRequest request, int code)
    {
        Environment.Exit(code);
        return Results.NoContent();
    }

    [Function("Setting")]
    public IResult Setting([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request, string name) =>
        Environment.GetEnvironmentVariable(name) is { } value ? Results.Text(value) : Results.NotFound();

    /// <param name="Path">As the app sees it.</param>
    private sealed record EchoAnswer(
        string Method, string Path, Dictionary<string, string?[]> Query, Dictionary<string, string?[]> Headers, byte[] Body);

    [LoggerMessage(1, LogLevel.Information, "Slow {Name} {Event}")]
    private partial void LogSlow(string name, string @event);
}
