using System.Net;
using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Http;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Middleware;

public sealed class MiddlewareTests(ConformanceHost host) : HttpTest(host)
{
    [Conformance(Sources.Isolated + "#middleware", "Middleware runs in the order in which it was added, around the function, in the invocation's scope.")]
    public async Task Middleware_OfTwo_RunsInOrder()
    {
        Assert.Equal((HttpStatusCode.OK, """["outer","inner"]"""), await GetAsync("api/middleware/steps"));
        Assert.Equal(["inner", "outer"], (await Journal.WaitAsync("after-Steps", 2)).Take(2).Select(entry => entry.Text));
    }

    [Conformance(Sources.Isolated + "#middleware", "Middleware of an HTTP function reaches its request and response, and the function's name.")]
    public async Task Middleware_SetsAHeader_WithTheFunctionsName()
    {
        using var answer = await Http.GetAsync("api/middleware/steps", Cancellation);

        Assert.Equal("Steps", answer.Headers.GetValues("x-function").Single());
    }

    [Conformance("https://github.com/Azure/azure-functions-dotnet-worker/blob/main/samples/CustomMiddleware/ExceptionHandlingMiddleware.cs", "Middleware can turn an exception of the function into a result.")]
    public async Task Middleware_ThatCatches_Answers() =>
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "as-expected"), await GetAsync("api/middleware/throws/as-expected"));

    [Conformance(Sources.Isolated + "#middleware", "Middleware that does not call the next one answers in the function's place.")]
    public async Task Middleware_ThatDoesNotGoOn_Answers() => Assert.Equal(
        ((HttpStatusCode)418, "short-circuited"), await SendAsync(HttpMethod.Get, "api/middleware/steps", null, ("x-short-circuit", "1")));

    [Conformance("https://github.com/Azure/azure-functions-dotnet-worker/blob/main/src/DotNetWorker.Core/Hosting/WorkerMiddlewareWorkerApplicationBuilderExtensions.cs", "Conditional middleware runs for the functions that its condition takes.")]
    public async Task Middleware_WithACondition_RunsOnlyThen()
    {
        using var chosen = await Http.GetAsync("api/middleware/conditional", Cancellation);
        using var other = await Http.GetAsync("api/middleware/steps", Cancellation);

        Assert.True(chosen.Headers.Contains("x-conditional"));
        Assert.False(other.Headers.Contains("x-conditional"));
    }

    [Conformance("https://github.com/Azure/azure-functions-dotnet-worker/blob/main/src/DotNetWorker.Core/Context/FunctionContext.cs", "The context describes the function, shares items with middleware, and has the request.")]
    public async Task Context_OfAnInvocation_DescribesIt()
    {
        var described = JsonElement.Parse((await GetAsync("api/middleware/context/the-id?extra=1")).Body);

        Assert.Equal("Described", described.GetProperty("name").GetString());
        Assert.Equal("FunctionsBroker.Conformance.App.Middleware.MiddlewareFunctions.Describe", described.GetProperty("entryPoint").GetString());
        Assert.Equal("set by outer", described.GetProperty("item").GetString());
        Assert.True(described.GetProperty("same").GetBoolean());
        Assert.Contains("httpTrigger", described.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()), StringComparer.OrdinalIgnoreCase);
        Assert.Contains("id", described.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetString()));
        Assert.Contains("id", described.GetProperty("bound").EnumerateArray().Select(key => key.GetString()));
    }

    [Conformance("https://github.com/Azure/azure-functions-dotnet-worker/blob/main/src/DotNetWorker.Core/Context/FunctionContext.cs#InvocationId", "Every invocation has an id of its own; the function's id stays.")]
    public async Task Context_OfTwoInvocations_DiffersInItsId()
    {
        var first = JsonElement.Parse((await GetAsync("api/middleware/context/1")).Body);
        var second = JsonElement.Parse((await GetAsync("api/middleware/context/1")).Body);

        Assert.NotEqual(first.GetProperty("invocationId").GetString(), second.GetProperty("invocationId").GetString());
        Assert.Equal(first.GetProperty("functionId").GetString(), second.GetProperty("functionId").GetString());
    }
}
