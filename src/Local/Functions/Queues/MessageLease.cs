using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Keeps a message invisible to others while its function runs.</summary>
internal sealed partial class MessageLease : IAsyncDisposable
{
    private readonly QueueClient _queue;
    private readonly QueueMessage _message;
    private readonly TimeSpan _visibility;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    public MessageLease(QueueClient queue, QueueMessage message, TimeSpan visibility, TimeProvider time, ILogger logger)
    {
        _queue = queue;
        _message = message;
        _visibility = visibility;
        _time = time;
        _logger = logger;
        PopReceipt = message.PopReceipt;
        _renewing = RenewAsync();
    }

    /// <summary>The receipt that the latest renewal gave; stable once the lease is disposed of.</summary>
    public string PopReceipt { get; private set; }

    /// <summary>Ends the renewals and waits for one under way, whose receipt is then the valid one.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_visibility / 2, _time, _ended.Token);

                // Not cancelled: a renewal that reached the service has made the old receipt void.
                UpdateReceipt renewed = await _queue.UpdateMessageAsync(
                    _message.MessageId, PopReceipt, visibilityTimeout: _visibility, cancellationToken: CancellationToken.None);
                PopReceipt = renewed.PopReceipt;
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The message is done with.
        }
        catch (Exception exception)
        {
            // The message may show up again and be handled twice; its function runs on.
            LogNotRenewed(exception, _message.MessageId, _queue.Name);
        }
    }

    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "Message {MessageId} of queue '{Queue}' could not be kept invisible while its function runs")]
    private partial void LogNotRenewed(Exception exception, string messageId, string queue);
}
