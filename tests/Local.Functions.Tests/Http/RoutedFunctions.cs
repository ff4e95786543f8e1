using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FunctionsBroker.Local.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace FunctionsBroker.Local.Functions.Tests.Http;

/// <summary>HTTP functions of every shape that the runtime promises to serve.</summary>
internal sealed class RoutedFunctions(Signals signals)
{
    [Function("Plain")]
    public static IResult Plain([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text(request.Path);

    [Function("EveryMethod")]
    public static IResult EveryMethod([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);

    [Function("Typed")]
    public static IResult Typed(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "typed/{number:int}/{id:guid}/{name?}")] HttpRequest request,
        int number,
        Guid id,
        string? name,
        int? page,
        DayOfWeek day = DayOfWeek.Sunday) =>
        Results.Text(string.Create(CultureInfo.InvariantCulture, $"{number} {id} {name ?? "-"} {page?.ToString(CultureInfo.InvariantCulture) ?? "-"} {day}"));

    [Function("Loose")]
    public static IResult Loose([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "loose/{number}")] HttpRequest request, int number) =>
        Results.Text(number.ToString(CultureInfo.InvariantCulture));

    [Function("Files")]
    public static IResult Files(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{*path}")] HttpRequest request, string? path, string kind = "txt") =>
        Results.Text($"{path ?? "-"} {kind}");

    [Function("Ranged")]
    public static IResult Ranged([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ranged/{number:int:range(1,10)}")] HttpRequest request, int number) =>
        Results.Text(number.ToString(CultureInfo.InvariantCulture));

    [Function("Required")]
    public static IResult Required([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, int page, Guid? id) =>
        Results.Text($"{page} {id}");

    [Function("CodeOfQuery")]
    public static IResult CodeOfQuery([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, string? code) =>
        Results.Text(code ?? "-");

    [Function("OwnHeader")]
    public static IResult OwnHeader([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        request.HttpContext.Response.Headers["X-Own"] = "function";
        return Results.Ok();
    }

    [Function("Length")]
    public static async Task<IResult> LengthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, cancellationToken);
        return Results.Text(copy.Length.ToString(CultureInfo.InvariantCulture));
    }

    [Function("ItemGet")]
    public static IResult ItemGet([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id}")] HttpRequest request, string id) =>
        Results.Text($"get {id}");

    [Function("ItemPut")]
    public static IActionResult ItemPut([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "items/{id}")] HttpRequest request, string id) =>
        new OkObjectResult(new { Put = id });

    [Function("ItemSpecial")]
    public static IResult ItemSpecial([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/special")] HttpRequest request) =>
        Results.Text("special");

    [Function("Body")]
    public static IResult Body([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [FromBody] Order order) =>
        Results.Text($"{order.Id} {order.Count}");

    [Function("Throws")]
    public static Task<IResult> ThrowsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException("the secret reason");

    [Function("Nothing")]
    public static Task NothingAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Task.CompletedTask;

    [Function("ValueTaskResult")]
    public static ValueTask<IActionResult> ValueTaskResultAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new(new StatusCodeResult(StatusCodes.Status418ImATeapot));

    [Function("Stream")]
    public async Task StreamAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        await response.Body.WriteAsync("data: 1\n\n"u8.ToArray(), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        await signals.Released.Task.WaitAsync(cancellationToken);
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes("data: 2\n\n"), cancellationToken);
    }

    [Function("Events")]
    public IResult Events([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(CountAsync(cancellationToken));

    [Function("BreaksOff")]
    public static async Task BreaksOffAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await request.HttpContext.Response.Body.FlushAsync();
        throw new InvalidOperationException("too late to say so");
    }

    [Function("Follow")]
    public async Task FollowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await request.HttpContext.Response.Body.FlushAsync();
        signals.Started.SetResult();
        using var aborted = request.HttpContext.RequestAborted.Register(signals.Cancelled.SetResult);
        await signals.Cancelled.Task;
    }

    [Function("Gated")]
    public async Task<IResult> GatedAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
    {
        signals.Started.TrySetResult();
        await signals.Released.Task.WaitAsync(cancellationToken);
        return Results.Text("finished");
    }

    [Function("Hang")]
    public async Task HangAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
    {
        signals.Started.SetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            signals.Cancelled.SetResult();
            throw;
        }
    }

    private async IAsyncEnumerable<string> CountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return "1";
        await signals.Released.Task.WaitAsync(cancellationToken);
        yield return "2";
    }

    public sealed record Order(string Id, int Count);
}
