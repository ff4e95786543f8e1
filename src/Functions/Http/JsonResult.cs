using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.OpenAi;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>Answers a request with a wire record.</summary>
internal sealed class JsonResult<T>(T value, JsonTypeInfo<T> type, int status, string? location = null) : IResult
{
    private const string ContentType = "application/json; charset=utf-8";

    public T Value { get; } = value;

    public int Status { get; } = status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        // In one piece: a caller who is told its length has it all without waiting for a last chunk.
        var body = JsonSerializer.SerializeToUtf8Bytes(Value, type);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}

/// <summary>Answers a request with a problem as <c>application/problem+json</c> (RFC 9457).</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    private const string ContentType = "application/problem+json";

    public Problem Problem { get; } = problem;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Problem.Status;
        response.ContentType = ContentType;
        if (Problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await JsonSerializer.SerializeAsync(
            response.Body,
            Problem,
            ContractsJsonContext.Default.Problem,
            httpContext.RequestAborted);
    }
}

/// <summary>Says a problem in the shape of the API that was called.</summary>
internal static class ProblemResults
{
    public static IResult For(HttpContext http, Problem problem) =>
        OpenAiFunction.IsFor(http.Request)
            ? new OpenAiErrorResult(problem)
            : new ProblemResult(problem);
}
