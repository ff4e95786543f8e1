using FunctionsBroker.Local.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Invocation;

internal sealed class ObservedFunctions(Signals signals, ScopedPart part, ILogger<ObservedFunctions> logger) : IAsyncDisposable
{
    [Function("Observed")]
    public IResult Observed(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "observed/{id}")] HttpRequest request, string id, FunctionContext context)
    {
        signals.Note("function");
        logger.LogInformation("observed {Id}", id);
        var sameScope = ReferenceEquals(part, context.InstanceServices.GetService(typeof(ScopedPart)));
        return Results.Text($"{id} {sameScope} {context.Items["note"]}");
    }

    [Function("Failing")]
    public static IResult Failing([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new TimeoutException("too late");

    public ValueTask DisposeAsync()
    {
        signals.Note("disposed");
        return ValueTask.CompletedTask;
    }
}
