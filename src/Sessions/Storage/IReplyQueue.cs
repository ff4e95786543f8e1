using FunctionsBroker.Contracts.Queues;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The reply queues.</summary>
public interface IReplyQueue
{
    /// <summary>Sends a reply; a text too long for one message is left out and <see cref="ReplyMessage.TextLocation"/> kept.</summary>
    Task SendAsync(string queueName, ReplyMessage reply, CancellationToken cancellationToken);
}

/// <summary>Where messages go that can never become a turn.</summary>
public interface IPoisonQueue
{
    Task SendAsync(PoisonMessage message, CancellationToken cancellationToken);
}
