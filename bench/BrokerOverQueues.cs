using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Bench;

/// <summary>A message in the queue <c>turns</c>, and its reply in the queue <c>replies</c>.</summary>
internal sealed class BrokerOverQueues : IContestant
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(2);

    private readonly string _session = $"bench-{Guid.NewGuid():N}";
    private readonly QueueClient _turns;
    private readonly QueueClient _replies;
    private int _count;

    public BrokerOverQueues(RunningBroker broker)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        var connection = broker.System.Endpoints.Storage.ConnectionString;
        _turns = new QueueClient(connection, QueueNames.Turns, options);
        _replies = new QueueClient(connection, QueueNames.Replies, options);
    }

    public string Name => "broker, queue to queue";

    public async Task<Answer> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        if (_count++ == 0)
        {
            await _turns.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await _replies.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }

        var message = new TurnMessage { SessionId = _session, TurnId = $"turn-{_count}", Prompt = prompt };
        var body = JsonSerializer.SerializeToUtf8Bytes(message, ContractsJsonContext.Default.TurnMessage);
        await _turns.SendMessageAsync(BinaryData.FromBytes(body), cancellationToken: cancellationToken);
        while (true)
        {
            foreach (var received in (await _replies.ReceiveMessagesAsync(cancellationToken)).Value)
            {
                await _replies.DeleteMessageAsync(received.MessageId, received.PopReceipt, cancellationToken);
                var reply = JsonSerializer.Deserialize(received.Body, ContractsJsonContext.Default.ReplyMessage);
                if (reply?.TurnId == message.TurnId)
                {
                    return new Answer(reply.Text ?? throw new InvalidOperationException($"No reply: {reply.Problem}"));
                }
            }

            await Task.Delay(s_interval, TimeProvider.System, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
