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

    /// <summary>Finds messages that the platform put there, without a reason: those of the queue <c>turns</c> that it has delivered often enough.</summary>
    /// <returns>Some of them, hidden from others for a minute.</returns>
    Task<IReadOnlyList<UnexplainedMessage>> FindUnexplainedAsync(CancellationToken cancellationToken);

    /// <summary>Removes such a message.</summary>
    Task RemoveAsync(UnexplainedMessage message, CancellationToken cancellationToken);
}

/// <summary>A message of <c>turns-poison</c> as it was in <c>turns</c>.</summary>
/// <param name="Receipt">With which it can be removed.</param>
public sealed record UnexplainedMessage(string MessageId, string Receipt, string Text);
