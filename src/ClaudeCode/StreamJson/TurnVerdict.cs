using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Tells from a result line whether the turn was answered.</summary>
/// <remarks>
/// Decides by <c>is_error</c>, <c>terminal_reason</c> and the API's status, or by the error's kind where there is no
/// status; the subtype says "success" of API errors as well, and texts are for people.
/// </remarks>
internal static class TurnVerdict
{
    private const int MaxDetailLength = 500;

    /// <param name="errorKind">The kind that the CLI named in the turn's last message, when it told of a failure there.</param>
    /// <returns>Null when the turn was answered.</returns>
    public static Problem? Judge(CliMessage.Result result, string? errorKind) =>
        result switch
        {
            { TerminalReason: "aborted_streaming" or "aborted_tools" } => ProblemCatalogue.Interrupted(),
            { IsError: false } => null,
            { TerminalReason: "blocking_limit" } => ProblemCatalogue.ContextTooLong(Detail(result)),
            { TerminalReason: "max_turns" or "budget_exhausted" } => ProblemCatalogue.ModelRequestRejected(Detail(result)),
            { ApiErrorStatus: { } status } => OfStatus(status, Detail(result)),
            _ => OfKind(errorKind, Detail(result)),
        };

    private static Problem OfStatus(int status, string detail) =>
        status switch
        {
            401 or 403 => ProblemCatalogue.ModelAuthentication(detail),
            429 => ProblemCatalogue.ModelRateLimited(detail, retryAfterSeconds: null),
            503 or 529 => ProblemCatalogue.ModelOverloaded(detail),
            >= 400 and < 500 => ProblemCatalogue.ModelRequestRejected(detail),
            _ => ProblemCatalogue.ModelError(detail),
        };

    private static Problem OfKind(string? kind, string detail) =>
        kind switch
        {
            "authentication_failed" or "billing_error" => ProblemCatalogue.ModelAuthentication(detail),
            "rate_limit" => ProblemCatalogue.ModelRateLimited(detail, retryAfterSeconds: null),
            "overloaded" => ProblemCatalogue.ModelOverloaded(detail),
            "invalid_request" => ProblemCatalogue.ModelRequestRejected(detail),
            _ => ProblemCatalogue.ModelError(detail),
        };

    private static string Detail(CliMessage.Result result)
    {
        var text = result.Text is { Length: > 0 } said ? said
            : result.Errors is [var first, ..] ? first
            : result.TerminalReason ?? result.Subtype ?? "The CLI gave no reason.";
        return text.Length > MaxDetailLength ? text[..MaxDetailLength] : text;
    }
}
