using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Events;

/// <summary>Shows which turns wait in a session.</summary>
internal interface IMailboxView
{
    /// <returns>The turn's place among those that wait, from 1; null when it does not wait.</returns>
    Task<int?> FindPositionAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);
}
