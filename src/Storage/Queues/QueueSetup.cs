using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Storage.Queues;

/// <summary>
/// Creates the broker's queues before anything else starts: nobody who sends turns or waits for replies has to, and a sender that
/// comes first finds them.
/// </summary>
/// <remarks>While storage is away it tries again until it is back; a refusal, as of an identity that may not, ends the start.</remarks>
internal sealed partial class QueueSetup(QueueServiceClient service, TimeProvider time, ILogger<QueueSetup> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);
    private static readonly string[] s_names = [QueueNames.Turns, QueueNames.Replies, QueueNames.Poison];

    public Task StartingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(s_names.Select(name => CreateAsync(name, cancellationToken)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await service.GetQueueClient(name).CreateIfNotExistsAsync(metadata: null, cancellationToken);
                return;
            }
            catch (Exception exception) when (IsAway(exception))
            {
                LogAway(name, exception.Message);
            }

            await Task.Delay(s_retryDelay, time, cancellationToken);
        }
    }

    // The client's own retries end with all their failures in one exception. A queue that is being deleted answers 409 for a while.
    private static bool IsAway(Exception exception) =>
        exception switch
        {
            RequestFailedException { Status: 0 or 408 or 409 or 429 or >= 500 } => true,
            AggregateException aggregate => aggregate.InnerExceptions.Any(IsAway),
            _ => false,
        };

    [LoggerMessage(EventIds.QueueNotCreated, LogLevel.Warning, "The queue {Queue} could not be created yet and is tried again: {Reason}")]
    private partial void LogAway(string queue, string reason);
}
