using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.OpenAi;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>Says a problem in the shape of the API that was called.</summary>
internal static class ProblemResults
{
    private const string OpenAiPath = "/v1";

    public static IResult For(HttpContext http, Problem problem) =>
        http.Request.Path.StartsWithSegments(OpenAiPath, StringComparison.Ordinal)
            ? new OpenAiErrorResult(problem)
            : new ProblemResult(problem);
}
