using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.EndToEnd;

/// <summary>Takes every message out of the queue <c>replies</c> and keeps it under its turn id.</summary>
public sealed class ReplyCollector : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    // What a killed front had in hand comes back after a minute, or is found by the repair, which looks once a minute.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<ReplyMessage>> _replies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly QueueClient _queue;
    private readonly Task _collecting;

    public ReplyCollector(string connectionString)
    {
        _queue = new QueueClient(connectionString, QueueNames.Replies, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        _collecting = CollectAsync();
    }

    /// <summary>What has come for a turn so far.</summary>
    public IReadOnlyList<ReplyMessage> Of(string turnId) => _replies.TryGetValue(turnId, out var replies) ? [.. replies] : [];

    /// <summary>Waits for the first reply to a turn.</summary>
    public async Task<ReplyMessage> WaitAsync(string turnId)
    {
        await Eventually.BecomesTrueAsync(() => Of(turnId).Count > 0, TestContext.Current.CancellationToken, s_patience);
        return Of(turnId)[0];
    }

    /// <summary>Waits for the first reply that comes of what a turn has begun in the background.</summary>
    public async Task<ReplyMessage> WaitForBackgroundAsync(string begunBy)
    {
        ReplyMessage? Find() => _replies.Values.SelectMany(replies => replies).FirstOrDefault(reply => reply.BegunBy == begunBy);
        await Eventually.BecomesTrueAsync(() => Find() is not null, TestContext.Current.CancellationToken, s_patience);
        return Find()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _collecting;
        _stop.Dispose();
    }

    private async Task CollectAsync()
    {
        await _queue.CreateIfNotExistsAsync(cancellationToken: _stop.Token);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var message in (await _queue.ReceiveMessagesAsync(32, TimeSpan.FromSeconds(30), _stop.Token)).Value)
                {
                    var reply = JsonSerializer.Deserialize(message.Body, ContractsJsonContext.Default.ReplyMessage)!;

                    // A message that could not be deleted comes again, and is the same one.
                    if (_seen.Add(message.MessageId))
                    {
                        _replies.GetOrAdd(reply.TurnId ?? string.Empty, _ => new ConcurrentQueue<ReplyMessage>()).Enqueue(reply);
                    }

                    await _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, _stop.Token);
                }

                await Task.Delay(s_interval, TimeProvider.System, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The tests are over.
            }
            catch (RequestFailedException)
            {
                // Storage may be killed by a test; the next round asks again.
            }
        }
    }
}
