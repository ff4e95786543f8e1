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
