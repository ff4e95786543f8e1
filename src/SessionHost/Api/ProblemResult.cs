using System.Globalization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Answers with a problem as <c>application/problem+json</c>.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    private const string ContentType = "application/problem+json";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = problem.Status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return httpContext.Response.WriteAsJsonAsync(problem, ContractsJsonContext.Default.Problem, ContentType, httpContext.RequestAborted);
    }
}
