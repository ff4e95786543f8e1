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
