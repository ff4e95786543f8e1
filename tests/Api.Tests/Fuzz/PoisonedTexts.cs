using System.Text.Json;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Api.Tests.Fuzz;

/// <summary>What has come out of <c>turns-poison</c>. Not thread-safe.</summary>
internal sealed class PoisonedTexts(string connectionString)
{
    private readonly QueueClient _queue = new(connectionString, QueueNames.Poison, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
    private readonly HashSet<string> _texts = [];
    private readonly List<string> _prefixes = [];

    public int Count { get; private set; }

    /// <summary>Takes out everything that is there.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        while ((await _queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(1), cancellationToken)).Value is { Length: > 0 } messages)
        {
            foreach (var message in messages)
            {
                var poison = JsonSerializer.Deserialize(message.Body, ContractsJsonContext.Default.PoisonMessage)!;
                if (poison.Shortened)
                {
                    _prefixes.Add(poison.Original);
                }

                _texts.Add(poison.Original);
                Count++;
                await _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
            }
        }
    }

    public bool Have(string text) => _texts.Contains(text) || _prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));
}
