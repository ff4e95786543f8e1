using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>Checks how a session is to be, and makes it so.</summary>
public static class SessionRules
{
    /// <returns>Null, or the first thing that is wrong.</returns>
    public static Problem? FindProblem(PutSessionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        return FindFault(request) is { } fault ? ProblemCatalogue.InvalidRequest(fault) : null;
    }

    /// <summary>The row as the request wants it. What the request leaves out is as if it had never been set, but for the profile, which stays.</summary>
    /// <param name="request">One that has no problem.</param>
    public static SessionRecord Apply(SessionRecord session, PutSessionRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(request);

        TimeSpan? ttl = request.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return session with
        {
            Profile = request.Profile ?? session.Profile,
            Title = request.Title,
            Tags = [.. (request.Tags ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Ttl = ttl,
            BudgetUsd = request.BudgetUsd,
            ExpiresAt = ttl is null ? session.ExpiresAt : now + ttl.Value,
        };
    }

    private static string? FindFault(PutSessionRequest request) =>
        request switch
        {
            { Profile.Length: 0 or > SessionLimits.MaxProfileLength } => $"'profile' has 1 to {SessionLimits.MaxProfileLength} characters.",
            { Title.Length: > SessionLimits.MaxTitleLength } => $"'title' has at most {SessionLimits.MaxTitleLength} characters.",
            { Title: { } title } when title.Any(char.IsControl) => "'title' has no control characters.",
            { Tags.Count: > SessionLimits.MaxTags } => $"'tags' are at most {SessionLimits.MaxTags}.",
            { Tags: { } tags } when !tags.All(IsTag) => $"A tag is 1 to {SessionLimits.MaxTagLength} of the characters A-Z a-z 0-9 . _ : @ -",
            { TtlSeconds: { } ttl } when TimeSpan.FromSeconds(ttl) < SessionLimits.MinTtl || TimeSpan.FromSeconds(ttl) > SessionLimits.MaxTtl =>
                $"'ttlSeconds' is a number from {SessionLimits.MinTtl.TotalSeconds:0} to {SessionLimits.MaxTtl.TotalSeconds:0}.",
            { BudgetUsd: < 0 or > SessionLimits.MaxBudgetUsd } => $"'budgetUsd' is a number from 0 to {SessionLimits.MaxBudgetUsd:0}.",
            _ => null,
        };

    private static bool IsTag(string? tag) => tag is { Length: > 0 and <= SessionLimits.MaxTagLength } && IdSyntax.IsPlain(tag);
}

/// <summary>What may be said of a session.</summary>
public static class SessionLimits
{
    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitleLength = 200;

    public const int MaxTags = 16;

    /// <summary>The longest tag, in characters.</summary>
    public const int MaxTagLength = 64;

    /// <summary>The longest name of a profile, in characters.</summary>
    public const int MaxProfileLength = 128;

    /// <summary>The highest budget, in US dollars.</summary>
    public const decimal MaxBudgetUsd = 1_000_000;

    /// <summary>The shortest time that a session is kept after its last turn.</summary>
    public static readonly TimeSpan MinTtl = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that a session is kept after its last turn.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(366);
}
