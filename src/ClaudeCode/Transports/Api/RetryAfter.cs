using System.Globalization;
using System.Net.Http.Headers;

namespace FunctionsBroker.ClaudeCode.Transports.Api;

/// <summary>Reads from a response of the Messages API when it makes sense to ask again.</summary>
internal static class RetryAfter
{
    private const string Prefix = "anthropic-ratelimit-";
    private const string RemainingSuffix = "-remaining";

    /// <summary>What <c>retry-after</c> says, or else when the last of the spent limits is reset.</summary>
    /// <returns>Whole seconds from now; null when the response does not say.</returns>
    public static int? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => SpentLimits(headers).Select(limit => (TimeSpan?)(ResetOf(headers, limit) - now)).Max(),
        };
        return wait is { } time && time > TimeSpan.Zero ? (int)Math.Ceiling(time.TotalSeconds) : null;
    }

    private static IEnumerable<string> SpentLimits(HttpResponseHeaders headers) =>
        headers
            .Where(header => header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                && header.Key.EndsWith(RemainingSuffix, StringComparison.OrdinalIgnoreCase)
                && header.Value.FirstOrDefault() == "0")
            .Select(header => header.Key[..^RemainingSuffix.Length]);

    private static DateTimeOffset? ResetOf(HttpResponseHeaders headers, string limit) =>
        headers.TryGetValues(limit + "-reset", out var values)
        && DateTimeOffset.TryParse(values.FirstOrDefault(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var reset)
            ? reset
            : null;
}

/// <summary>Keeps of a call's response what the SDK does not hand on.</summary>
/// <remarks>One for each call. The handler below it is shared, and not disposed with it.</remarks>
internal sealed class ResponseWatch(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>When it makes sense to ask again, in seconds.</summary>
    public int? RetryAfterSeconds { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        RetryAfterSeconds = RetryAfter.Read(response.Headers, time.GetUtcNow());
        return response;
    }
}
