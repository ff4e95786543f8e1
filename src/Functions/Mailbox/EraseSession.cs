using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Mailbox;

/// <summary>Input of the orchestration <c>EraseSession</c>, which the mailbox starts when a session that is to end is idle.</summary>
/// <remarks>When nothing is left of the session, the orchestration signals the mailbox's operation <c>Erased</c>; until then no turn is taken.</remarks>
/// <param name="Placement">Where the session was placed last; null when nowhere.</param>
internal sealed record EraseSession(SessionId SessionId, Placement? Placement)
{
    /// <summary>Whether the session ends because its time is up: one that has been used meanwhile is to be left as it is.</summary>
    public bool OnlyIfExpired { get; init; }
}
