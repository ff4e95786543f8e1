using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Text;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Tells from a result line whether the turn was answered.</summary>
/// <remarks>
/// Decides by <c>is_error</c>, <c>terminal_reason</c>, <c>stop_reason</c> and the API's status, or by the error's kind
/// where there is no status; the subtype says "success" of API errors as well, and texts are for people.
/// </remarks>
internal static class TurnVerdict
{
    /// <param name="errorKind">The kind that the CLI named in the turn's last message, when it told of a failure there.</param>
    /// <param name="retry">The last pause that the CLI made in the turn before it asked the model again.</param>
    /// <returns>Null when the turn was answered.</returns>
    public static Problem? Judge(CliMessage.Result result, string? errorKind, CliMessage.ApiRetry? retry) =>
        result switch
        {
            { TerminalReason: "aborted_streaming" or "aborted_tools" } => ProblemCatalogue.Interrupted(),
            { StopReason: "refusal" } => ProblemCatalogue.ModelRefused(Detail(result)),
            { IsError: false } => null,
            { TerminalReason: "blocking_limit" or "prompt_too_long" } => ProblemCatalogue.ContextTooLong(Detail(result)),
            { TerminalReason: "max_turns" } => ProblemCatalogue.ModelCallLimit(Detail(result)),
            { TerminalReason: "budget_exhausted" } => ProblemCatalogue.ModelBudgetSpent(Detail(result)),
            { ApiErrorStatus: 429 } => ProblemCatalogue.ModelRateLimited(Detail(result), RetryAfterSeconds(retry)),
            { ApiErrorStatus: { } status } => ModelProblems.OfStatus(status, Detail(result), retryAfterSeconds: null),
            _ => OfKind(errorKind, Detail(result)),
        };

    /// <summary>What a pause that is longer than the turn may last means.</summary>
    public static Problem Judge(CliMessage.ApiRetry retry)
    {
        var detail = $"The model asks for a pause of {retry.Delay.TotalSeconds:0} seconds.";
        var seconds = (int)Math.Ceiling(retry.Delay.TotalSeconds);
        var problem = retry.ErrorStatus is { } status
            ? ModelProblems.OfStatus(status, detail, seconds)
            : ProblemCatalogue.ModelUnreachable(detail);
        return problem with { RetryAfterSeconds = seconds };
    }

    /// <summary>What an error of the model means that the CLI tells of without a result line.</summary>
    /// <param name="kind">The error's kind, such as <c>rate_limit</c>.</param>
    public static Problem OfFailure(string? kind, string text) =>
        OfKind(kind, (text.Length > 0 ? text : kind ?? "The CLI gave no reason.").Truncate(ModelProblems.MaxDetailLength));

    // A CLI that gives up a rate limit without a try of its own was told to wait longer than it is willing to.
    private static int RetryAfterSeconds(CliMessage.ApiRetry? retry) =>
        (int)Math.Ceiling((retry?.Delay ?? CliMessage.ApiRetry.LongestWait).TotalSeconds);

    private static Problem OfKind(string? kind, string detail) =>
        kind switch
        {
            "authentication_failed" or "billing_error" => ProblemCatalogue.ModelAuthentication(detail),
            "rate_limit" => ProblemCatalogue.ModelRateLimited(detail, retryAfterSeconds: null),
            "overloaded" => ProblemCatalogue.ModelOverloaded(detail),
            "invalid_request" => ProblemCatalogue.ModelRequestRejected(detail),
            "max_output_tokens" => ProblemCatalogue.AnswerTooLong(detail),

            // Measured on 2.1.329: refused, reset and timed out connections have this kind and no status.
            "server_error" => ProblemCatalogue.ModelUnreachable(detail),
            _ => ProblemCatalogue.ModelError(detail),
        };

    private static string Detail(CliMessage.Result result)
    {
        var text = result.Text is { Length: > 0 } said ? said
            : result.Errors is [var first, ..] ? first
            : result.TerminalReason ?? result.Subtype ?? "The CLI gave no reason.";
        return text.Truncate(ModelProblems.MaxDetailLength);
    }
}
