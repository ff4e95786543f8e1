using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Events;

/// <summary>Shows which turns wait in a session.</summary>
internal interface IMailboxView
{
    /// <returns>The turn's place among those that wait, from 1; null when it does not wait.</returns>
    Task<int?> FindPositionAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);
}

/// <summary><see cref="IMailboxView"/> of the sessions' entities.</summary>
internal sealed class EntityMailbox(DurableTaskClient durable) : IMailboxView
{
    public async Task<int?> FindPositionAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        var entity = await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(session), cancellationToken);
        if (entity is not { IncludesState: true })
        {
            return null;
        }

        var ahead = entity.State.Waiting.TakeWhile(ticket => ticket.TurnId != turn).Count();
        return ahead < entity.State.Waiting.Count ? ahead + 1 : null;
    }
}
