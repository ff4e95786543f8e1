using Anthropic.Exceptions;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Text;

namespace FunctionsBroker.ClaudeCode.Transports.Api;

/// <summary>What the SDK's exceptions mean for a turn.</summary>
internal static class ApiProblems
{
    private const string InvalidRequest = "invalid_request_error";

    /// <summary>How the API begins the message of the one 400 that a shorter conversation would not get.</summary>
    private const string TooLong = "prompt is too long";

    /// <summary>Whether the exception is one that a call of the API ends with.</summary>
    public static bool IsFailure(Exception exception) => exception is AnthropicException or HttpRequestException or IOException;

    public static Problem Of(Exception exception, int? retryAfterSeconds) =>
        exception switch
        {
            AnthropicApiException { ApiMessage: { } message } tooLong
                when TypeOf(tooLong) == InvalidRequest && message.StartsWith(TooLong, StringComparison.OrdinalIgnoreCase) => ProblemCatalogue.ContextTooLong(Detail(message)),
            AnthropicApiException answered => ModelProblems.OfStatus((int)answered.StatusCode, Detail(answered.ApiMessage ?? answered.Message), retryAfterSeconds),

            // In the middle of a stream there is no status any more, only the type.
            AnthropicServiceException broken => OfType(TypeOf(broken), Detail(broken.ApiMessage ?? broken.Message)),
            _ => ProblemCatalogue.ModelUnreachable(Detail(exception.InnerException?.Message ?? exception.Message)),
        };

    private static string? TypeOf(AnthropicServiceException exception) => exception.Type?.Raw();

    private static Problem OfType(string? type, string detail) =>
        type switch
        {
            "overloaded_error" => ProblemCatalogue.ModelOverloaded(detail),
            "rate_limit_error" => ProblemCatalogue.ModelRateLimited(detail, retryAfterSeconds: null),
            "authentication_error" or "permission_error" or "billing_error" => ProblemCatalogue.ModelAuthentication(detail),
            InvalidRequest or "not_found_error" => ProblemCatalogue.ModelRequestRejected(detail),
            _ => ProblemCatalogue.ModelError(detail),
        };

    private static string Detail(string text) => text.Truncate(ModelProblems.MaxDetailLength);
}
