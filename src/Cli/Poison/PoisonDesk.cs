using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Contracts.Queues;

namespace FunctionsBroker.Cli.Poison;

/// <summary>Looks through the queue <c>turns-poison</c>, sends what is in it to <c>turns</c> again, or drops it.</summary>
/// <remarks>
/// A queue shows no more than its first messages without taking them. To look further, messages are taken for a minute and
/// given back; should this program end in between, they are back by themselves.
/// </remarks>
internal sealed class PoisonDesk
{
    private const int Batch = 32;
    private static readonly TimeSpan s_taken = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_forEver = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _poison;
    private readonly QueueClient _turns;

    /// <param name="connectionString">Of the storage account.</param>
    public PoisonDesk(string connectionString)
    {
        // As they are: the trigger moves messages in whatever encoding they came in.
        _poison = new QueueClient(connectionString, QueueNames.Poison, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        _turns = new QueueClient(connectionString, QueueNames.Turns, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
    }

    /// <summary>All messages, in the order in which the queue gives them.</summary>
    public async Task<IReadOnlyList<PoisonEntry>> ListAsync(CancellationToken cancellationToken)
    {
        List<PoisonEntry> entries = [];
        await VisitAsync(
            (entry, _) =>
            {
                entries.Add(entry);
                return Task.FromResult(false);
            },
            cancellationToken);
        return entries;
    }

    /// <summary>Sends messages to <c>turns</c> again. One whose turn has run already gives no second run.</summary>
    /// <returns>What was sent.</returns>
    public Task<IReadOnlyList<PoisonEntry>> RetryAsync(Func<PoisonEntry, bool> choose, CancellationToken cancellationToken) =>
        RemoveAsync(
            entry => entry.CanBeRetried && choose(entry),

            // Sent before it is removed: twice is harmless, never is not.
            entry => _turns.SendMessageAsync(new BinaryData(entry.Original), visibilityTimeout: null, timeToLive: s_forEver, cancellationToken),
            cancellationToken);

    /// <summary>Removes messages for good.</summary>
    /// <returns>What was removed.</returns>
    public Task<IReadOnlyList<PoisonEntry>> DropAsync(Func<PoisonEntry, bool> choose, CancellationToken cancellationToken) =>
        RemoveAsync(choose, _ => Task.CompletedTask, cancellationToken);

    private async Task<IReadOnlyList<PoisonEntry>> RemoveAsync(
        Func<PoisonEntry, bool> choose,
        Func<PoisonEntry, Task> before,
        CancellationToken cancellationToken)
    {
        List<PoisonEntry> removed = [];
        await VisitAsync(
            async (entry, message) =>
            {
                if (!choose(entry))
                {
                    return false;
                }

                await before(entry);
                await _poison.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
                removed.Add(entry);
                return true;
            },
            cancellationToken);
        return removed;
    }

    /// <summary>Takes every message once, and gives back those that the visitor does not remove.</summary>
    private async Task VisitAsync(Func<PoisonEntry, QueueMessage, Task<bool>> visit, CancellationToken cancellationToken)
    {
        List<QueueMessage> kept = [];
        try
        {
            while (await ReceiveAsync(cancellationToken) is { Count: > 0 } messages)
            {
                foreach (var message in messages)
                {
                    var entry = PoisonEntry.Read(message.MessageId, message.InsertedOn, message.Body.ToMemory().Span);
                    if (!await visit(entry, message))
                    {
                        kept.Add(message);
                    }
                }
            }
        }
        finally
        {
            foreach (var message in kept)
            {
                await GiveBackAsync(message);
            }
        }
    }

    private async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _poison.ReceiveMessagesAsync(Batch, s_taken, cancellationToken)).Value;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "QueueNotFound")
        {
            // Nothing was ever refused.
            return [];
        }
    }

    private async Task GiveBackAsync(QueueMessage message)
    {
        try
        {
            await _poison.UpdateMessageAsync(message.MessageId, message.PopReceipt, message.Body, TimeSpan.Zero, CancellationToken.None);
        }
        catch (RequestFailedException)
        {
            // Its minute is over, and it is back already.
        }
    }
}
