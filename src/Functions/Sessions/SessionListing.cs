using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>What a caller wants listed.</summary>
internal sealed record SessionListing
{
    public SessionFilter Filter { get; init; } = new();

    public SessionStatus? Status { get; init; }

    /// <summary>The last session of the page before.</summary>
    public SessionId? After { get; init; }

    public required int Limit { get; init; }

    /// <summary>Whether only sessions that are awake on a host can fit, which are few and known.</summary>
    public bool IsOfAwake => Status is SessionStatus.Idle or SessionStatus.Running or SessionStatus.WaitingForPermission;
}

/// <summary>Reads a listing from a query string: <c>limit</c>, <c>after</c>, <c>status</c>, <c>host</c>, <c>profile</c>, <c>tag</c>.</summary>
internal static class SessionListingQuery
{
    private const int MaxTextLength = 128;

    private static readonly Dictionary<string, SessionStatus> s_statuses = Enum.GetValues<SessionStatus>()
        .ToDictionary(status => JsonSerializer.Serialize(status, ContractsJsonContext.Default.SessionStatus).Trim('"'));

    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out SessionListing? listing, [NotNullWhen(false)] out Problem? problem)
    {
        listing = null;
        if (!QueryPart.TryReadLimit(request, out var limit, out problem)
            || !QueryPart.TryReadAfter(request, out var after, out problem)
            || !TryReadStatus(request, out var status, out problem)
            || !TryReadText(request, "host", out var host, out problem)
            || !TryReadText(request, "profile", out var profile, out problem)
            || !TryReadText(request, "tag", out var tag, out problem))
        {
            return false;
        }

        listing = new SessionListing
        {
            Limit = limit,
            After = after,
            Status = status,
            Filter = new SessionFilter { HostId = host, Profile = profile, Tag = tag },
        };
        return true;
    }

    private static bool TryReadStatus(HttpRequest request, out SessionStatus? status, [NotNullWhen(false)] out Problem? problem)
    {
        var name = QueryPart.Text(request, "status");
        status = name is not null && s_statuses.TryGetValue(name, out var known) ? known : null;
        problem = name is null || status is not null
            ? null
            : ProblemCatalogue.InvalidRequest($"'status' is one of {string.Join(", ", s_statuses.Keys)}.");
        return problem is null;
    }

    // What goes into a query of the table service: not everything that a URL can carry is fit for that.
    private static bool TryReadText(HttpRequest request, string name, out string? text, [NotNullWhen(false)] out Problem? problem)
    {
        text = QueryPart.Text(request, name);
        problem = text is null || (text.Length <= MaxTextLength && !text.Any(char.IsControl) && !text.Any(char.IsSurrogate))
            ? null
            : ProblemCatalogue.InvalidRequest($"'{name}' has at most {MaxTextLength} characters, and none that are not text.");
        return problem is null;
    }
}
