using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsBroker.Conformance.App.Middleware;

/// <summary>Runs for one function only; see the program's <c>UseWhen</c>.</summary>
public sealed class OnlyGuardedMiddleware : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        context.GetHttpContext()?.Response.Headers.TryAdd("x-conditional", "yes");
        return next(context);
    }
}
