using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>What the statuses of the Messages API mean for a turn, whoever received them.</summary>
internal static class ModelProblems
{
    /// <summary>How much of the model's own word goes into a problem, in characters.</summary>
    public const int MaxDetailLength = 500;

    public static Problem OfStatus(int status, string detail, int? retryAfterSeconds) =>
        status switch
        {
            401 or 403 => ProblemCatalogue.ModelAuthentication(detail),
            429 => ProblemCatalogue.ModelRateLimited(detail, retryAfterSeconds),
            503 or 529 => ProblemCatalogue.ModelOverloaded(detail) with { RetryAfterSeconds = retryAfterSeconds },
            >= 400 and < 500 => ProblemCatalogue.ModelRequestRejected(detail),
            _ => ProblemCatalogue.ModelError(detail) with { RetryAfterSeconds = retryAfterSeconds },
        };
}
