using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Soak;

/// <summary>A producer as it should be: it sends again, under the same turn id, until the queue has the message.</summary>
internal sealed class QueueWriter(Func<EndpointsFile> endpoints)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    private readonly Lazy<QueueClient> _queue = new(() => new QueueClient(endpoints().Storage.ConnectionString, QueueNames.Turns));

    public async Task SendAsync(SoakTurn turn, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.Serialize(
            new TurnMessage { SpecVersion = "1", TurnId = turn.Id, SessionId = turn.SessionId, Prompt = turn.Prompt },
            ContractsJsonContext.Default.TurnMessage);
        while (true)
        {
            try
            {
                await _queue.Value.SendMessageAsync(message, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is RequestFailedException or AggregateException)
            {
                // Storage is down; whether it has the message is not known.
                await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
            }
        }
    }
}
