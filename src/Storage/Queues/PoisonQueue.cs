using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Storage.Queues;

/// <summary><see cref="IPoisonQueue"/> over the queue <c>turns-poison</c>.</summary>
internal sealed class PoisonQueue(QueueSender sender, QueueServiceClient unencoded) : IPoisonQueue
{
    // Every character of the original may need six in JSON (\u0000), and the reason needs room too.
    private const int SafeOriginalLength = 7 * 1024;

    private const int AtOnce = 32;

    private static readonly TimeSpan s_hidden = TimeSpan.FromMinutes(1);

    // The platform's copy is as the message was sent, in base64 or not.
    private readonly QueueClient _asSent = unencoded.GetQueueClient(QueueNames.Poison);

    public Task SendAsync(PoisonMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        var whole = Serialize(message);
        var fitting = whole.Length <= QueueSender.MaxMessageBytes
            ? whole
            : Serialize(message with { Original = message.Original[..SafeOriginalLength], Shortened = true });
        return sender.SendAsync(QueueNames.Poison, BinaryData.FromBytes(fitting), cancellationToken);
    }

    public async Task<IReadOnlyList<UnexplainedMessage>> FindUnexplainedAsync(CancellationToken cancellationToken)
    {
        // Those with a reason are not to be hidden from people who look at them.
        var seen = await _asSent.PeekMessagesAsync(AtOnce, cancellationToken);
        if (seen.Value.All(message => IsExplained(TextOf(message.Body))))
        {
            return [];
        }

        List<UnexplainedMessage> found = [];
        var received = await _asSent.ReceiveMessagesAsync(AtOnce, s_hidden, cancellationToken);
        foreach (var message in received.Value)
        {
            var text = TextOf(message.Body);
            if (IsExplained(text))
            {
                await _asSent.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.Body, TimeSpan.Zero, cancellationToken);
            }
            else
            {
                found.Add(new UnexplainedMessage(message.MessageId, message.PopReceipt, text));
            }
        }

        return found;
    }

    public Task RemoveAsync(UnexplainedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        return _asSent.DeleteMessageAsync(message.MessageId, message.Receipt, cancellationToken);
    }

    private static string TextOf(BinaryData body) => MessageText.Decode(body.ToMemory().Span);

    private static bool IsExplained(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ContractsJsonContext.Default.PoisonMessage) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Serialize(PoisonMessage message) =>
        JsonSerializer.SerializeToUtf8Bytes(message, ContractsJsonContext.Default.PoisonMessage);
}
