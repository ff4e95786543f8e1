using FunctionsBroker.Functions.Events;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>A mailbox in which the turn has the place that the test says.</summary>
internal sealed class FixedMailbox : IMailboxView
{
    public int? Position { get; set; }

    public Task<int?> FindPositionAsync(SessionId session, TurnId turn, CancellationToken cancellationToken) =>
        Task.FromResult(Position);
}
