using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Conformance.App.Middleware;

/// <summary>The second middleware.</summary>
public sealed class InnerMiddleware(Journal journal) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is null)
        {
            await next(context);
            return;
        }

        context.InstanceServices.GetRequiredService<ScopedMark>().Steps.Add("inner");
        await next(context);
        journal.Add($"after-{context.FunctionDefinition.Name}", "inner");
    }
}
