using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Bench;

/// <summary>A turn over HTTP that is submitted, and then listened to.</summary>
internal sealed class BrokerOverEvents(RunningBroker broker) : IContestant
{
    private readonly string _path = RunningBroker.NewSession();

    public string Name => "broker, warm turn by its events";

    public async Task<Answer> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var submitted = await broker.Http.PostAsJsonAsync(
            _path,
            new SubmitTurnRequest { Prompt = prompt },
            ContractsJsonContext.Default.SubmitTurnRequest,
            cancellationToken);
        var turn = await submitted.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, cancellationToken);
        double? firstDelta = null;
        await using var stream = await broker.Http.GetStreamAsync($"{_path}/{turn?.TurnId}/events", cancellationToken);
        await foreach (var told in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            switch (TurnEventJson.Read(told.EventType, told.Data))
            {
                case TurnEvent.Delta:
                    firstDelta ??= Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    break;
                case TurnEvent.Completed(var reply):
                    return new Answer(reply.Text, firstDelta);
                case TurnEvent.Failed failed:
                    throw new InvalidOperationException($"No reply: {failed.Problem}");
            }
        }

        throw new InvalidOperationException("The events ended without an end of the turn.");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
