using System.Net.Http.Json;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Bench;

/// <summary>A turn over HTTP, waiting for its reply.</summary>
internal sealed class BrokerOverHttp(RunningBroker broker) : IContestant
{
    private readonly string _path = RunningBroker.NewSession();

    public string Name => "broker, warm turn over HTTP";

    public async Task<Answer> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _path);
        request.Headers.Add("Prefer", "wait=60");
        request.Content = JsonContent.Create(new SubmitTurnRequest { Prompt = prompt }, ContractsJsonContext.Default.SubmitTurnRequest);
        using var response = await broker.Http.SendAsync(request, cancellationToken);
        var turn = await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, cancellationToken);
        return new Answer(turn?.Reply?.Text ?? throw new InvalidOperationException($"No reply: {turn?.Problem}"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
