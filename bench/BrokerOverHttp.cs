using System.Net.Http.Json;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Bench;

/// <summary>The broker as <c>broker up</c> runs it: a turn over HTTP, waiting for its reply.</summary>
internal sealed class BrokerOverHttp : IContestant
{
    private readonly TempDirectory _data;
    private readonly BrokerSystem _system;
    private readonly HttpClient _http;
    private readonly string _path = $"/api/sessions/bench-{Guid.NewGuid():N}/turns";

    private BrokerOverHttp(TempDirectory data, BrokerSystem system)
    {
        _data = data;
        _system = system;
        _http = new HttpClient { BaseAddress = system.Endpoints.Front.Url };
        _http.DefaultRequestHeaders.Add("x-functions-key", system.Endpoints.Front.Key);
        _http.DefaultRequestHeaders.Add("Prefer", "wait=60");
    }

    public string Name => "broker, warm turn over HTTP";

    public static async Task<BrokerOverHttp> StartAsync(Uri model)
    {
        var data = new TempDirectory();
        return new BrokerOverHttp(data, await BrokerSystem.StartAsync(data.Path, model, hosts: 1));
    }

    public async Task<string> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(
            _path,
            new SubmitTurnRequest { Prompt = prompt },
            ContractsJsonContext.Default.SubmitTurnRequest,
            cancellationToken);
        var turn = await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, cancellationToken);
        return turn?.Reply?.Text ?? throw new InvalidOperationException($"No reply: {turn?.Problem}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _system.DisposeAsync();
        _data.Dispose();
    }
}
