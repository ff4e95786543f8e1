using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Cli.Demo;

/// <summary>The broker's queues, as a producer and a consumer use them.</summary>
internal sealed class QueueWay
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly QueueClient _turns;
    private readonly QueueClient _replies;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, List<ReplyMessage>> _received = [];

    public QueueWay(string connectionString, TimeProvider time)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        _turns = new QueueClient(connectionString, QueueNames.Turns, options);
        _replies = new QueueClient(connectionString, QueueNames.Replies, options);
        _time = time;
    }

    public async Task CreateQueuesAsync(CancellationToken cancellationToken)
    {
        await _turns.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await _replies.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
    }

    public Task SendAsync(TurnMessage turn, CancellationToken cancellationToken) =>
        _turns.SendMessageAsync(JsonSerializer.Serialize(turn, ContractsJsonContext.Default.TurnMessage), cancellationToken);

    /// <summary>The reply to a turn.</summary>
    /// <exception cref="CommandException">None came within a minute.</exception>
    public async Task<ReplyMessage> ReplyAsync(string turnId, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            await ReceiveAsync(cancellationToken);
            if (_received.TryGetValue(turnId, out var replies))
            {
                return replies[0];
            }

            if (_time.GetElapsedTime(started) > s_longest)
            {
                throw new CommandException(ExitCodes.Failure, $"no reply to turn {turnId} came to the queue within {s_longest.TotalSeconds:0} s");
            }

            await Task.Delay(s_pollInterval, _time, cancellationToken);
        }
    }

    /// <summary>How many replies to a turn have come until now.</summary>
    public async Task<int> CountAsync(string turnId, CancellationToken cancellationToken)
    {
        await ReceiveAsync(cancellationToken);
        return _received.TryGetValue(turnId, out var replies) ? replies.Count : 0;
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var messages = await _replies.ReceiveMessagesAsync(maxMessages: 32, cancellationToken: cancellationToken);
        foreach (var message in messages.Value)
        {
            await _replies.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
            var reply = JsonSerializer.Deserialize(message.Body, ContractsJsonContext.Default.ReplyMessage);
            if (reply?.TurnId is { } turnId)
            {
                _received.TryAdd(turnId, []);
                _received[turnId].Add(reply);
            }
        }
    }
}
