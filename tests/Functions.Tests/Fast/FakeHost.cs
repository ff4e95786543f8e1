using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>A session host as the front sees it when it gives it turns.</summary>
internal sealed class FakeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly InMemoryTurnStore _turns;

    private FakeHost(WebApplication app, InMemoryTurnStore turns, string hostId)
    {
        _app = app;
        _turns = turns;
        HostId = hostId;
    }

    public string HostId { get; }

    /// <summary>Why it takes no turn; null when it does.</summary>
    public Problem? Refusal { get; set; }

    /// <summary>Nothing is answered before this is completed.</summary>
    public Task Silence { get; set; } = Task.CompletedTask;

    /// <summary>No turn ends before this is completed.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Whether it goes away as soon as it has taken a turn.</summary>
    public bool HangsUp { get; set; }

    /// <summary>When this run of it began.</summary>
    public DateTimeOffset StartedAt { get; set; } = TimeProvider.System.GetUtcNow();

    /// <summary>The turns that it was given.</summary>
    public ConcurrentQueue<HostTurnRequest> Given { get; } = [];

    public HostRecord Record => new()
    {
        HostId = HostId,
        Url = new Uri(_app.Urls.Single()),
        StartedAt = StartedAt,
        HeartbeatAt = TimeProvider.System.GetUtcNow(),
        HeartbeatInterval = TimeSpan.FromHours(1),
    };

    public static async Task<FakeHost> StartAsync(InMemoryTurnStore turns, string hostId)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var host = new FakeHost(app, turns, hostId);
        app.MapPost("/sessions/{session}/turns", host.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Goes away without a word.</summary>
    public async Task StopAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, string session)
    {
        var request = (await http.Request.ReadFromJsonAsync(ContractsJsonContext.Default.HostTurnRequest))!;
        Given.Enqueue(request);
        await Silence;
        if (Refusal is { } problem)
        {
            http.Response.StatusCode = problem.Status;
            await http.Response.WriteAsJsonAsync(problem, ContractsJsonContext.Default.Problem);
            return;
        }

        var turn = new HostTurn { TurnId = request.TurnId, Epoch = request.Epoch, State = HostTurnState.Running };
        await TellAsync(http, turn);
        if (HangsUp)
        {
            http.Abort();
        }

        await Work;
        var ended = await EndAsync(SessionId.Parse(session), request);
        if (!HangsUp)
        {
            await TellAsync(http, turn with { State = HostTurnState.Finished, Turn = TurnResources.Of(ended) });
        }
    }

    private async Task<TurnRecord> EndAsync(SessionId session, HostTurnRequest request)
    {
        var row = await _turns.FindAsync(session, TurnId.Parse(request.TurnId), CancellationToken.None);
        var turn = row!.Value;
        var ended = turn with
        {
            Status = TurnStatus.Completed,
            Reply = new Reply { Text = "answer to " + request.Prompt, Transport = "stream-json" },
            Attempts = [.. turn.Attempts.Select(attempt => attempt with { Outcome = AttemptOutcome.Completed })],
        };
        return (await _turns.UpdateAsync(row, ended, CancellationToken.None)).Value;
    }

    private static async Task TellAsync(HttpContext http, HostTurn line)
    {
        await http.Response.WriteAsync(JsonSerializer.Serialize(line, ContractsJsonContext.Default.HostTurn) + "\n");
        await http.Response.Body.FlushAsync();
    }
}
