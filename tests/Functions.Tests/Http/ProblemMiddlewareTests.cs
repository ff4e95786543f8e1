using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Http;

public sealed class ProblemMiddlewareTests
{
    [Fact]
    public async Task Invoke_AnythingUnexpected_IsAnInternalErrorThatSaysNothingOfIt()
    {
        var (status, answer) = await InvokeAsync(_ => throw new InvalidOperationException("the secret cause"));

        Assert.Equal((500, ProblemCodes.InternalError), (status, answer.GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(StubContext.Invocation, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_TheInstanceGoes_IsShuttingDown()
    {
        var (status, answer) = await InvokeAsync(_ => throw new OperationCanceledException(), isStopping: true);

        Assert.Equal((503, ProblemCodes.ShuttingDown), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Invoke_BodyThatTheServerFindsTooLarge_IsBodyTooLarge()
    {
        var (status, answer) = await InvokeAsync(_ => throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge));

        Assert.Equal((413, ProblemCodes.BodyTooLarge), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Invoke_UnderV1_AnswersInTheShapeOfThatApi()
    {
        var (status, answer) = await InvokeAsync(_ => throw new InvalidOperationException("cause"), "/v1/models");

        Assert.Equal((500, ProblemCodes.InternalError), (status, answer.GetProperty("error").GetProperty("problem").GetString()));
        Assert.Equal("server_error", answer.GetProperty("error").GetProperty("type").GetString());
    }

    private static async Task<(int Status, JsonElement Answer)> InvokeAsync(
        Func<HttpContext, Task> function,
        string path = "/api/x",
        bool isStopping = false)
    {
        var http = new DefaultHttpContext { Request = { Path = path }, Response = { Body = new MemoryStream() } };
        var middleware = new ProblemMiddleware(NullLogger<ProblemMiddleware>.Instance);

        await middleware.Invoke(new StubContext(http, new CancellationToken(canceled: isStopping)), _ => function(http));

        http.Response.Body.Position = 0;
        return (http.Response.StatusCode, (await JsonDocument.ParseAsync(http.Response.Body, cancellationToken: TestContext.Current.CancellationToken)).RootElement);
    }
}
