using System.Globalization;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.OpenAi.Wire;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Says problems in the words of this API.</summary>
internal static class OpenAiErrors
{
    private const string InvalidRequest = "invalid_request_error";
    private const string RateLimit = "rate_limit_error";
    private const string Quota = "insufficient_quota";
    private const string Server = "server_error";

    private static readonly Dictionary<string, Word> s_words = new(StringComparer.Ordinal)
    {
        [ProblemCodes.Unauthorized] = new(401, "invalid_api_key"),
        [ProblemCodes.UnknownProfile] = new(404, "model_not_found", "model"),
        [ProblemCodes.ContextTooLong] = new(400, "context_length_exceeded", "messages"),
        [ProblemCodes.ModelRefused] = new(400, "content_filter", "messages"),
        [ProblemCodes.SessionQueueFull] = new(429, "rate_limit_exceeded"),
        [ProblemCodes.TooManyTurns] = new(429, "rate_limit_exceeded"),
        [ProblemCodes.HostAtCapacity] = new(429, "rate_limit_exceeded"),
        [ProblemCodes.ModelRateLimited] = new(429, "rate_limit_exceeded"),
        [ProblemCodes.BudgetSpent] = new(429, Quota),
        [ProblemCodes.ModelBudgetSpent] = new(429, Quota),
        [ProblemCodes.InvalidSessionId] = new(400, ProblemCodes.InvalidSessionId, "user"),
        [ProblemCodes.PromptEmpty] = new(400, ProblemCodes.PromptEmpty, "messages"),
        [ProblemCodes.PromptTooLarge] = new(413, ProblemCodes.PromptTooLarge, "messages"),
        [ProblemCodes.AttachmentRejected] = new(422, ProblemCodes.AttachmentRejected, "messages"),
    };

    public static int StatusOf(Problem problem) => Find(problem).Status;

    /// <param name="problem">What went wrong.</param>
    /// <param name="param">Which part of the request is meant, where the code alone does not tell.</param>
    public static ErrorBody Of(Problem problem, string? param)
    {
        var word = Find(problem);
        return new ErrorBody(new ErrorPart
        {
            Message = problem.Detail is null ? problem.Title : $"{problem.Title}. {problem.Detail}",
            Type = TypeOf(word),
            Param = param ?? word.Param,
            Code = word.Code,
            Problem = problem.Code,
        });
    }

    private static Word Find(Problem problem) => s_words.GetValueOrDefault(problem.Code) ?? new Word(problem.Status, problem.Code);

    private static string TypeOf(Word word) => word switch
    {
        { Code: Quota } => Quota,
        { Status: 429 } => RateLimit,
        { Status: < 500 } => InvalidRequest,
        _ => Server,
    };

    private sealed record Word(int Status, string Code, string? Param = null);
}

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
