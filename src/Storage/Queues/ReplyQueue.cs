using System.Text.Json;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Storage.Queues;

/// <summary><see cref="IReplyQueue"/> over storage queues, base64 as the Functions queue bindings write and expect.</summary>
internal sealed class ReplyQueue(QueueSender sender) : IReplyQueue
{
    public Task SendAsync(string queueName, ReplyMessage reply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reply);

        var whole = Serialize(reply with { TextLocation = null });
        var message = whole.Length <= QueueSender.MaxMessageBytes ? whole : Serialize(reply with { Text = null });
        return sender.SendAsync(queueName, BinaryData.FromBytes(message), cancellationToken);
    }

    private static byte[] Serialize(ReplyMessage reply) =>
        JsonSerializer.SerializeToUtf8Bytes(reply, ContractsJsonContext.Default.ReplyMessage);
}

/// <summary><see cref="IPoisonQueue"/> over the queue <c>turns-poison</c>.</summary>
internal sealed class PoisonQueue(QueueSender sender) : IPoisonQueue
{
    // Every character of the original may need six in JSON (\u0000), and the reason needs room too.
    private const int SafeOriginalLength = 7 * 1024;

    public Task SendAsync(PoisonMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        var whole = Serialize(message);
        var fitting = whole.Length <= QueueSender.MaxMessageBytes
            ? whole
            : Serialize(message with { Original = message.Original[..SafeOriginalLength], Shortened = true });
        return sender.SendAsync(QueueNames.Poison, BinaryData.FromBytes(fitting), cancellationToken);
    }

    private static byte[] Serialize(PoisonMessage message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, ContractsJsonContext.Default.PoisonMessage);
}
