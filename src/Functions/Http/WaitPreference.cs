using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>How long a caller wants to wait for the reply: <c>Prefer: wait=N</c> (RFC 7240) or <c>?wait=N</c>, in seconds.</summary>
internal static class WaitPreference
{
    /// <summary>Azure's load balancer ends an idle request after 230 s.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(230);

    private const string Wait = "wait";

    /// <returns>How long to wait at most; zero when nothing was asked for. More than <see cref="Longest"/> is cut to it, and what is not a number is ignored, as RFC 7240 says of preferences.</returns>
    public static TimeSpan Read(HttpRequest request)
    {
        var preferences = request.Headers["Prefer"]
            .SelectMany(header => (header ?? string.Empty).Split([',', ';'], StringSplitOptions.TrimEntries))
            .Select(preference => preference.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2 && string.Equals(pair[0], Wait, StringComparison.OrdinalIgnoreCase))
            .Select(pair => pair[1].Trim('"'));
        var asked = preferences.Concat(request.Query[Wait]).FirstOrDefault();
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds))
            : TimeSpan.Zero;
    }
}
