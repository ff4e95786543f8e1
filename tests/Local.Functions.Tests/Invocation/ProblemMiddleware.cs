using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FunctionsBroker.Local.Functions.Tests.Invocation;

internal sealed class ProblemMiddleware : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (TimeoutException exception)
        {
            context.GetInvocationResult().Value = Results.Problem(exception.Message, statusCode: StatusCodes.Status504GatewayTimeout);
        }
    }
}
