using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Fast;

/// <summary>A session whose newest turn was answered: nothing runs in it unless a turn was added since, which the head tells.</summary>
/// <param name="Head">The newest turn.</param>
/// <param name="Placement">Where it was answered, and where the session's process still is, most likely.</param>
internal sealed record IdleSession(TurnHead Head, Placement Placement)
{
    /// <returns>Null when the turn was not answered; then it is for the mailbox to know where the session is.</returns>
    public static Placement? PlacementAfter(TurnRecord turn) =>
        turn is { Status: TurnStatus.Completed, Attempts: [.., { Outcome: AttemptOutcome.Completed } last] }
            ? new Placement(last.HostId, last.Epoch)
            : null;
}
