using System.Globalization;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.OpenAi.Wire;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Answers a request with an error of this API.</summary>
/// <param name="problem">What went wrong.</param>
/// <param name="param">Which part of the request is meant; null when its code tells, or it is none.</param>
/// <param name="mayRetry">Whether the same request may be sent again as it is; null when the problem tells.</param>
internal sealed class OpenAiErrorResult(Problem problem, string? param = null, bool? mayRetry = null) : IResult
{
    // The published clients obey it; by the status alone they would repeat every 409, 429 and 5xx.
    private const string ShouldRetry = "x-should-retry";

    public Problem Problem { get; } = problem;

    /// <summary>The turn that ended this way; null when it did not come to be one.</summary>
    public TurnRecord? Turn { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = OpenAiErrors.StatusOf(Problem);
        response.ContentType = "application/json";
        response.Headers[ShouldRetry] = mayRetry ?? Problem.Retryable ? "true" : "false";
        if (Turn is not null)
        {
            ChatHeaders.Write(response, Turn);
        }

        if (Problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await JsonSerializer.SerializeAsync(
            response.Body, OpenAiErrors.Of(Problem, param), OpenAiJsonContext.Default.ErrorBody, httpContext.RequestAborted);
    }
}
