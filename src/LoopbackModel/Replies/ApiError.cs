using System.Globalization;
using System.Text.Json;

namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>An error of the Messages API.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The API's error type.</param>
/// <param name="Message">What the caller reads.</param>
internal sealed record ApiError(int Status, string Type, string Message)
{
    /// <summary>The error that goes with a status.</summary>
    public static ApiError For(int status) => status switch
    {
        400 => new(status, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"),
        401 => new(status, "authentication_error", "invalid x-api-key"),
        403 => new(status, "permission_error", "Your API key does not have permission to use the specified resource."),
        413 => new(status, "request_too_large", "Request exceeds the maximum size"),
        429 => new(status, "rate_limit_error", "This request would exceed your rate limit."),
        529 => new(status, "overloaded_error", "Overloaded"),
        < 500 => new(status, "invalid_request_error", "The request was refused as asked."),
        _ => new(status, "api_error", "Internal server error"),
    };

    public static async Task WriteAsync(HttpContext context, ApiError error, int? retryAfterSeconds = null, DateTimeOffset? reset = null)
    {
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/json";
        if (retryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (reset is { } at)
        {
            context.Response.Headers["anthropic-ratelimit-requests-limit"] = "50";
            context.Response.Headers["anthropic-ratelimit-requests-remaining"] = "0";
            context.Response.Headers["anthropic-ratelimit-requests-reset"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }

        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("type", "error");
            error.WriteMember(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Writes the <c>error</c> member.</summary>
    public void WriteMember(Utf8JsonWriter json)
    {
        json.WriteStartObject("error");
        json.WriteString("type", Type);
        json.WriteString("message", Message);
        json.WriteEndObject();
    }
}
