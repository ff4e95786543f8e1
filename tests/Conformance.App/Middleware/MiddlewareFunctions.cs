using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Middleware;

public sealed class MiddlewareFunctions(ScopedMark mark)
{
    [Function("Steps")]
    public IResult Steps([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "middleware/steps")] HttpRequest request) =>
        Results.Json(mark.Steps, statusCode: request.HttpContext.Response.StatusCode);

    [Function("Throws")]
    public static IResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "middleware/throws/{message}")] HttpRequest request, string message) =>
        throw new ExpectedException(message);

    [Function("Conditional")]
    public static IResult Conditional([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "middleware/conditional")] HttpRequest request) =>
        Results.Ok();

    [Function("Described")]
    public static IResult Describe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "middleware/context/{id}")] HttpRequest request, string id, FunctionContext context) =>
        Results.Json(new
        {
            id,
            context.FunctionDefinition.Name,
            context.FunctionDefinition.EntryPoint,
            context.InvocationId,
            context.FunctionId,
            parameters = context.FunctionDefinition.Parameters.Select(parameter => parameter.Name),
            inputs = context.FunctionDefinition.InputBindings.Values.Select(binding => binding.Type),
            item = context.Items["outer"],
            same = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            bound = context.BindingContext.BindingData.Keys,
            traceParent = context.TraceContext.TraceParent,
        });
}
