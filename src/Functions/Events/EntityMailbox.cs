using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Events;

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
