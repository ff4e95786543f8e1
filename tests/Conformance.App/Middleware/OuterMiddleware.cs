using FunctionsBroker.Conformance.App.Observation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Conformance.App.Middleware;

/// <summary>The first middleware: turns an <see cref="ExpectedException"/> of an HTTP function into an answer, and can answer instead of one.</summary>
public sealed class OuterMiddleware(Journal journal) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        // An orchestrator runs on a context of its own; middleware leaves it alone.
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        if (http.Request.Headers.ContainsKey("x-short-circuit"))
        {
            context.GetInvocationResult().Value = Results.Text("short-circuited", statusCode: StatusCodes.Status418ImATeapot);
            return;
        }

        http.Response.Headers["x-function"] = context.FunctionDefinition.Name;
        context.InstanceServices.GetRequiredService<ScopedMark>().Steps.Add("outer");
        context.Items["outer"] = "set by outer";
        try
        {
            await next(context);
            journal.Add($"after-{context.FunctionDefinition.Name}", "outer");
        }
        catch (ExpectedException exception)
        {
            context.GetInvocationResult().Value = Results.Text(exception.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }
}
