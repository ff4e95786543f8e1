using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Local.Functions.Http;

/// <summary>What the host itself answers when it does not run a function; the real host answers without a body (docs/adr/0001).</summary>
internal sealed record HostProblem(string Type, string Code, string Title, int Status, bool Retryable, string Detail)
{
    private const string ContentType = "application/problem+json";

    public static HostProblem Unauthorized { get; } = Of(
        "unauthorized",
        "The key is missing or wrong",
        StatusCodes.Status401Unauthorized,
        "Send a function key or a host key in the header x-functions-key or the query parameter code.");

    public static HostProblem BodyTooLarge(long limit) => Of(
        "body_too_large",
        "The body is too large",
        StatusCodes.Status413PayloadTooLarge,
        $"A body may have {limit} bytes: the setting {RequestBodyLimit.SettingName}.");

    public static HostProblem BadRequest(int status, string detail) => Of("bad_request", "The request cannot be read", status, detail);

    public static HostProblem InvalidArgument(string parameter, string detail) => Of(
        "invalid_argument", "A value of the request cannot be used", StatusCodes.Status400BadRequest, $"'{parameter}': {detail}");

    public static HostProblem TooManyRequests(int limit) => Of(
        "too_many_requests",
        "Too many requests wait",
        StatusCodes.Status429TooManyRequests,
        $"host.json's extensions.http.maxOutstandingRequests is {limit}.",
        retryable: true);

    /// <summary>Answers with the problem, unless the response has begun: then the connection is cut.</summary>
    public Task WriteAsync(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        http.Response.Clear();
        http.Response.StatusCode = Status;
        http.Response.ContentType = ContentType;
        return JsonSerializer.SerializeAsync(http.Response.Body, this, HostProblemJsonContext.Default.HostProblem, http.RequestAborted);
    }

    private static HostProblem Of(string code, string title, int status, string detail, bool retryable = false) =>
        new($"urn:functions-broker:problem:{code}", code, title, status, retryable, detail);
}
