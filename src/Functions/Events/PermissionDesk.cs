using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Events;

/// <summary>Takes decisions on tools' questions to the host where the session waits for them.</summary>
internal sealed class PermissionDesk(ISessionStore sessions, HostDirectory hosts, HostEventsClient client)
{
    // What a host makes is a GUID; anything longer or stranger was never asked.
    private const int MaxRequestIdLength = 64;

    /// <returns>Null when the decision counts; else why it does not.</returns>
    public async Task<Problem?> DecideAsync(
        SessionId session,
        string requestId,
        PermissionAnswer answer,
        CancellationToken cancellationToken)
    {
        if (requestId.Length > MaxRequestIdLength || !requestId.All(char.IsAsciiLetterOrDigit))
        {
            return ProblemCatalogue.PermissionNotFound();
        }

        // The session's row names the host that has it; only there can a question be open.
        var found = await sessions.FindAsync(session, cancellationToken);
        if (found?.Value.HostId is not { } hostId)
        {
            return ProblemCatalogue.PermissionNotFound();
        }

        var known = await hosts.ListAsync(cancellationToken);
        return known.FirstOrDefault(candidate => candidate.HostId == hostId) is { } host
            ? await client.DecideAsync(host, session, requestId, answer, cancellationToken)
            : ProblemCatalogue.PermissionNotFound();
    }
}
