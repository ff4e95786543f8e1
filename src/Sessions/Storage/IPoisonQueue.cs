using FunctionsBroker.Contracts.Queues;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>Where messages go that can never become a turn.</summary>
public interface IPoisonQueue
{
    Task SendAsync(PoisonMessage message, CancellationToken cancellationToken);
}
