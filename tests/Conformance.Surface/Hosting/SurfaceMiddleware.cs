using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsBroker.Conformance.Surface.Hosting;

public sealed class SurfaceMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        HttpContext? http = context.GetHttpContext();
        http?.Response.Headers.TryAdd("x-function", $"{context.FunctionDefinition.Name} {context.InvocationId}");
        context.CancellationToken.ThrowIfCancellationRequested();
        await next(context);
    }
}
