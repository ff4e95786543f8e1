using System.Reflection;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
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

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public async Task Invoke_StorageThatIsAway_IsStorageUnavailable(int status)
    {
        var fault = new Azure.RequestFailedException(status, "the secret cause");

        var (answered, answer) = await InvokeAsync(_ => throw new AggregateException(fault, fault));

        Assert.Equal((503, ProblemCodes.StorageUnavailable), (answered, answer.GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_StorageThatSaysNo_IsAnInternalError()
    {
        var (status, answer) = await InvokeAsync(_ => throw new Azure.RequestFailedException(403, "the secret cause"));

        Assert.Equal((500, ProblemCodes.InternalError), (status, answer.GetProperty("code").GetString()));
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

    [Fact]
    public async Task Invoke_ExceptionInsideOthers_IsTakenOutOfThem()
    {
        var tooLarge = new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);

        var (status, answer) = await InvokeAsync(_ => throw new AggregateException(new AggregateException(new TargetInvocationException(tooLarge))));

        Assert.Equal((413, ProblemCodes.BodyTooLarge), (status, answer.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Invoke_SeveralExceptionsAtOnce_IsAnInternalError()
    {
        var (status, answer) = await InvokeAsync(_ => throw new AggregateException(new IOException(), new OperationCanceledException()));

        Assert.Equal((500, ProblemCodes.InternalError), (status, answer.GetProperty("code").GetString()));
    }

    public static TheoryData<Exception> OfALeavingCaller =>
    [
        new OperationCanceledException(),
        new AggregateException(new TaskCanceledException()),
        new AggregateException(new BadHttpRequestException("Unexpected end of request content.")),
    ];

    [Theory]
    [MemberData(nameof(OfALeavingCaller), DisableDiscoveryEnumeration = true)]
    public async Task Invoke_TheCallerHasGone_IsClosedByTheClientWithoutALogEntry(Exception thrown)
    {
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };
        var logger = new CountingLogger();

        await new ProblemMiddleware(logger).Invoke(new StubContext(http, CancellationToken.None), _ => Task.FromException(thrown));

        Assert.Equal((499, 0), (http.Response.StatusCode, logger.Count));
    }

    [Fact]
    public async Task Invoke_AnswerThatHasBegun_IsCutOff()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(new BegunResponse());
        var middleware = new ProblemMiddleware(NullLogger<ProblemMiddleware>.Instance);

        await Assert.ThrowsAsync<AggregateException>(() =>
            middleware.Invoke(new StubContext(http, CancellationToken.None), _ => throw new AggregateException(new InvalidOperationException())));
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

    private sealed class BegunResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class CountingLogger : ILogger<ProblemMiddleware>
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
