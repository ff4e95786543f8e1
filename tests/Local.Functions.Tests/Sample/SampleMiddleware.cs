using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsBroker.Local.Functions.Tests.Sample;

public sealed class SampleMiddleware : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        context.GetHttpContext()?.Response.Headers.TryAdd("x-mw", context.FunctionDefinition.Name);
        return next(context);
    }
}
