using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Soak;

/// <summary>Takes every message out of the queue <c>replies</c> and keeps it under its turn id, by the id of the message.</summary>
internal sealed class ReplyLog : IAsyncDisposable
{
    // A reply whose turn no mailbox knows is sent by a sweep, which looks once a minute.
    private static readonly TimeSpan s_lastReply = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ReceivedReply>> _replies = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly QueueClient _queue;
    private readonly Task _collecting;

    public ReplyLog(string connectionString)
    {
        _queue = new QueueClient(connectionString, QueueNames.Replies, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        _collecting = CollectAsync();
    }

    /// <summary>The messages that have come for a turn, oldest first.</summary>
    public IReadOnlyList<ReceivedReply> Of(string turnId) =>
        _replies.TryGetValue(turnId, out var replies) ? [.. replies.Values.OrderBy(reply => reply.SentAt)] : [];

    /// <summary>Waits for the replies of turns that have ended, for which nobody has waited yet; one that does not come is left to <see cref="Verdict"/>.</summary>
    public async Task HasAllOfAsync(IReadOnlyList<SoakTurn> turns, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (turns.Any(turn => Of(turn.Id).Count == 0) && TimeProvider.System.GetElapsedTime(started) < s_lastReply)
        {
            await Task.Delay(s_interval, TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _collecting;
        _stop.Dispose();
    }

    private async Task CollectAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var message in (await _queue.ReceiveMessagesAsync(32, TimeSpan.FromSeconds(30), _stop.Token)).Value)
                {
                    var reply = JsonSerializer.Deserialize(message.Body, ContractsJsonContext.Default.ReplyMessage)!;

                    // A message that could not be deleted comes again, and is the same one.
                    _replies.GetOrAdd(reply.TurnId!, _ => new ConcurrentDictionary<string, ReceivedReply>(StringComparer.Ordinal))
                        .TryAdd(message.MessageId, new ReceivedReply(reply, message.InsertedOn.GetValueOrDefault()));
                    await _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, _stop.Token);
                }

                await Task.Delay(s_interval, TimeProvider.System, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The soak is over.
            }
            catch (Exception exception) when (exception is RequestFailedException or AggregateException)
            {
                // Storage is down; the next round asks again.
            }
        }
    }
}
