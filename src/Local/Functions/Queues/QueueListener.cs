using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Fetches the messages of one queue in batches and has them processed side by side, by the real listener's rules.</summary>
internal sealed partial class QueueListener(
    QueueClient queue,
    QueueMessageProcessor processor,
    QueuesHostOptions host,
    QueueListenerTiming timing,
    TimeProvider time,
    ILogger logger) : IFunctionListener
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly HashSet<Task> _running = [];
    private readonly PollingDelay _delay = new(timing, host.MaxPollingInterval, time);
    private Task _listening = Task.CompletedTask;
    private bool _reachable = true;

    public void Start() => _listening = ListenAsync();

    public void StopIntake() => _stopping.Cancel();

    public void CancelRunning() => _cancelled.Cancel();

    public async Task DrainAsync()
    {
        await _listening;
        await Task.WhenAll(_running);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _cancelled.Dispose();
    }

    private async Task ListenAsync()
    {
        // Off the starter's thread: a request to the storage begins synchronously.
        await Task.Yield();
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                await WaitForRoomAsync();
                var messages = await ReceiveAsync();
                if (messages.Length == 0)
                {
                    await Task.Delay(_reachable ? _delay.AfterNothing() : _delay.AfterFailure(), time, _stopping.Token);
                    continue;
                }

                _delay.Found();
                await DispatchAsync(messages);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Intake has ended; what was taken is in _running.
        }
    }

    private async Task WaitForRoomAsync()
    {
        _running.RemoveWhere(static task => task.IsCompleted);
        while (_running.Count > host.NewBatchThreshold)
        {
            await Task.WhenAny(_running).WaitAsync(_stopping.Token);
            _running.RemoveWhere(static task => task.IsCompleted);
        }
    }

    private async Task DispatchAsync(QueueMessage[] messages)
    {
        foreach (var message in messages)
        {
            if (_stopping.IsCancellationRequested)
            {
                await processor.ReleaseAsync(message);
            }
            else
            {
                _running.Add(processor.ProcessAsync(message, _cancelled.Token));
            }
        }
    }

    private async Task<QueueMessage[]> ReceiveAsync()
    {
        try
        {
            // Not cancelled by a stop: messages that the service has already handed out would stay invisible for minutes.
            QueueMessage[] messages = await queue.ReceiveMessagesAsync(host.BatchSize, timing.ProcessingVisibility, _cancelled.Token);
            NoteReachable();
            return messages;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "QueueNotFound")
        {
            await CreateQueueAsync();
            return [];
        }
        catch (Exception exception)
        {
            // Whatever it is, the messages are still in the queue; a listener that ended would leave them there for ever.
            NoteUnreachable(exception);
            return [];
        }
    }

    private async Task CreateQueueAsync()
    {
        try
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: _cancelled.Token);
            NoteReachable();
        }
        catch (Exception exception)
        {
            NoteUnreachable(exception);
        }
    }

    private void NoteReachable()
    {
        if (!_reachable)
        {
            _reachable = true;
            LogReachable(queue.Name);
        }
    }

    private void NoteUnreachable(Exception exception)
    {
        if (_reachable && !_cancelled.IsCancellationRequested)
        {
            _reachable = false;
            LogUnreachable(exception, queue.Name);
        }
    }

    [LoggerMessage(EventId = 34, Level = LogLevel.Error, Message = "Queue '{Queue}' cannot be read; trying again until it can")]
    private partial void LogUnreachable(Exception exception, string queue);

    [LoggerMessage(EventId = 35, Level = LogLevel.Information, Message = "Queue '{Queue}' can be read again")]
    private partial void LogReachable(string queue);
}
