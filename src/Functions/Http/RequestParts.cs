using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Http;

/// <summary>Reads the parts of a query string that several calls have in common. What is given twice counts once, the first.</summary>
internal static class QueryPart
{
    /// <summary>How many a page holds at most.</summary>
    public const int MaxLimit = 200;

    private const int DefaultLimit = 50;

    /// <summary>What is empty counts as not given.</summary>
    public static string? Text(HttpRequest request, string name) =>
        request.Query[name] is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>Reads <c>limit</c>: 1 to <see cref="MaxLimit"/>, and 50 when it is not given.</summary>
    public static bool TryReadLimit(HttpRequest request, out int limit, [NotNullWhen(false)] out Problem? problem)
    {
        limit = DefaultLimit;
        var sound = Text(request, "limit") is not { } text
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
        problem = sound ? null : ProblemCatalogue.InvalidRequest($"'limit' is a number from 1 to {MaxLimit}.");
        return sound;
    }

    /// <summary>Reads <c>after</c>, by which a list of sessions goes on.</summary>
    public static bool TryReadAfter(HttpRequest request, out SessionId? after, [NotNullWhen(false)] out Problem? problem)
    {
        var text = Text(request, "after");
        after = SessionId.TryParse(text, out var last) ? last : null;
        problem = text is null || after is not null ? null : ProblemCatalogue.InvalidRequest("'after' is the 'next' of an earlier page.");
        return problem is null;
    }
}

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

/// <summary>Reads the ids out of the path of a turn, <c>…/sessions/{sessionId}/turns/{turnId}</c>.</summary>
internal static class TurnPath
{
    public static bool TryRead(string sessionId, string turnId, out SessionId session, out TurnId turn, [NotNullWhen(false)] out Problem? problem)
    {
        turn = default;
        problem = !SessionId.TryParse(PathSegment.Decode(sessionId), out session) ? ProblemCatalogue.InvalidSessionId()
            : !TurnId.TryParse(PathSegment.Decode(turnId), out turn) ? ProblemCatalogue.InvalidTurnId()
            : null;
        return problem is null;
    }
}
