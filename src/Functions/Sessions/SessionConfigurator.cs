using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Usage;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Makes a session as somebody wants it to be, whether it is there already or not.</summary>
internal sealed class SessionConfigurator(
    ISessionStore sessions,
    HostDirectory hosts,
    LiveSessions live,
    SessionSpending spending,
    IOptions<BrokerOptions> options,
    TimeProvider time)
{
    public async Task<PutOutcome> PutAsync(SessionId session, PutSessionRequest request, CancellationToken cancellationToken)
    {
        if (SessionRules.FindProblem(request) is { } fault)
        {
            return new PutOutcome.Refused(fault);
        }

        if (request.Profile is { } profile && await FindProfileProblemAsync(profile, cancellationToken) is { } unknown)
        {
            return new PutOutcome.Refused(unknown);
        }

        while (true)
        {
            try
            {
                var outcome = await TryPutAsync(session, request, cancellationToken);
                spending.Forget(session);
                return outcome;
            }
            catch (ConcurrencyConflictException)
            {
                // A host wrote the row in between: read it again and decide again.
            }
        }
    }

    private async Task<PutOutcome> TryPutAsync(SessionId session, PutSessionRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await sessions.FindAsync(session, cancellationToken) is not { } read)
        {
            var added = await sessions.AddAsync(SessionRules.Apply(NewRecord(session, now), request, now), cancellationToken);
            return new PutOutcome.Done(added.Value, IsNew: true);
        }

        if (read.Value.DeletingSince is not null)
        {
            return new PutOutcome.Refused(ProblemCatalogue.SessionDeleting());
        }

        var written = await sessions.UpdateAsync(read, SessionRules.Apply(read.Value, request, now), cancellationToken);
        if (written.Value.Profile != read.Value.Profile)
        {
            // Its process runs under the old one; without this the next turn would still find it.
            await live.RecycleAsync(written.Value, cancellationToken);
        }

        return new PutOutcome.Done(written.Value, IsNew: false);
    }

    private async Task<Problem?> FindProfileProblemAsync(string profile, CancellationToken cancellationToken)
    {
        var known = await hosts.ListProfilesAsync(cancellationToken);

        // With no host up nobody can tell, and the session's first turn will.
        return known.Count == 0 || known.Contains(profile) ? null : ProblemCatalogue.UnknownProfile(profile, known.Order());
    }

    private SessionRecord NewRecord(SessionId session, DateTimeOffset now) => new()
    {
        SessionId = session,
        RouteId = RouteId.NewRouteId(),
        Profile = ProfileNames.Default,
        ClaudeSessionId = Guid.NewGuid(),
        CreatedAt = now,
        LastUsedAt = now,
        ExpiresAt = now + options.Value.UnusedSessionTtl,
    };
}

/// <summary>What became of a session that was to be configured.</summary>
internal abstract record PutOutcome
{
    private PutOutcome()
    {
    }

    /// <param name="IsNew">Whether there was no such session before.</param>
    public sealed record Done(SessionRecord Session, bool IsNew) : PutOutcome;

    public sealed record Refused(Problem Problem) : PutOutcome;
}
