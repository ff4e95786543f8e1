using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Fast;

/// <summary>A session whose newest turn was answered: nothing runs in it unless a turn was added since, which the head tells.</summary>
/// <param name="Head">The newest turn.</param>
/// <param name="Answered">The attempt that it was answered in: the session's process is still on that host, most likely.</param>
internal sealed record IdleSession(TurnHead Head, TurnAttempt Answered)
{
    /// <returns>Null when the turn was not answered; then it is for the mailbox to know where the session is.</returns>
    public static TurnAttempt? AnswerOf(TurnRecord turn) =>
        turn is { Status: TurnStatus.Completed, Attempts: [.., { Outcome: AttemptOutcome.Completed } last] }
            ? last with { Tries = [] }
            : null;
}
