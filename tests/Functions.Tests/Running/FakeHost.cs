using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A session host without processes: it keeps the host API, the fencing of rows and the heartbeat, and tests say how turns end.</summary>
/// <remarks>A prompt <c>say X</c> is answered with X at once, any other turn runs until a test ends it.</remarks>
internal sealed class FakeHost : IAsyncDisposable
{
    private const string Say = "say ";
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(0.5);

    // Long, so that no host is taken for dead that a busy machine keeps from beating.
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly string _sessions;
    private readonly ITurnStore _turns;
    private readonly IHostStore _hosts;
    private readonly Uri _front;
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly ConcurrentDictionary<string, FakeTurn> _running = new();
    private readonly ConcurrentQueue<FakeTurn> _received = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private Task _beating = Task.CompletedTask;

    private FakeHost(string id, string sessions, ITurnStore turns, IHostStore hosts, Uri front, WebApplication app)
    {
        (Id, _sessions) = (id, sessions);
        (_turns, _hosts, _front, _app) = (turns, hosts, front, app);
        _http.DefaultRequestHeaders.Add(BrokerHeaders.CallbackKey, RunningFront.CallbackKey);
    }

    public string Id { get; }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>Why a turn is refused; null takes it.</summary>
    public Func<HostTurnRequest, Problem?> Refuse { get; set; } = _ => null;

    /// <summary>Every dispatch that it took, in order.</summary>
    public IReadOnlyList<FakeTurn> Received => [.. _received];

    /// <summary>The turns that it was asked to cancel.</summary>
    public ConcurrentQueue<string> Cancelled { get; } = new();

    /// <summary>The sessions whose files it was asked to remove.</summary>
    public ConcurrentQueue<(string Session, string Route)> Erased { get; } = new();

    /// <summary>Why it does not remove them; null does.</summary>
    public Problem? RefuseErasure { get; set; }

    /// <summary>What the front showed with each call, apart from the key.</summary>
    public ConcurrentQueue<string?> Shown { get; } = new();

    /// <summary>Has its own calls carry a token of its identity.</summary>
    public string Token
    {
        set => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", value);
    }

    public bool Draining { get; set; }

    /// <summary>Whether calls are cut off without an answer, while the host goes on beating.</summary>
    public bool Mute { get; set; }

    /// <summary>Whether it tells callers on the line how their turns end; else it hangs up on them, and posts every end.</summary>
    public bool StaysOnTheLine { get; set; }

    /// <param name="sessions">What the ids of its sessions begin with; it refuses all others, as one that is full.</param>
    public static async Task<FakeHost> StartAsync(string id, string sessions, ITurnStore turns, IHostStore hosts, Uri front)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new FakeHost(id, sessions, turns, hosts, front, builder.Build());
        host._app.Use(host.AnswerUnlessMuteAsync);
        host._app.MapPost("/sessions/{sessionId}/turns", host.SubmitAsync);
        host._app.MapGet("/sessions/{sessionId}/turns/{turnId}", host.Find);
        host._app.MapPost("/sessions/{sessionId}/turns/{turnId}/cancel", host.CancelAsync);
        host._app.MapDelete("/sessions/{sessionId}", host.Erase);
        await host._app.StartAsync();
        host.Url = new Uri(host._app.Urls.Single());
        await host.BeatAsync();
        host._beating = host.BeatOnAsync();
        return host;
    }

    /// <summary>Waits until it runs the turn.</summary>
    public async Task<FakeTurn> HoldsAsync(string turnId)
    {
        await Eventually.BecomesTrueAsync(() => _running.ContainsKey(turnId), TestContext.Current.CancellationToken);
        return _running[turnId];
    }

    /// <summary>The turn, which it has.</summary>
    public FakeTurn Running(string turnId) => _running[turnId];

    public Task CompleteAsync(string turnId, string text) => EndAsync(turnId, text, null);

    public Task FailAsync(string turnId, Problem problem) => EndAsync(turnId, null, problem);

    /// <summary>Goes away as by a crash: no answers, no beats, and its turns are forgotten.</summary>
    /// <param name="noticed">Whether so much time has passed since its last beat that the front takes it for dead.</param>
    public async Task DieAsync(bool noticed = true)
    {
        await StopBeatingAsync();
        await _app.DisposeAsync();
        if (noticed)
        {
            // Three of these beats are missing at once.
            await SaveRowAsync(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Writes its row anew now.</summary>
    public Task BeatAsync() => SaveRowAsync(s_interval);

    /// <summary>Writes the end of a turn as a host does: only under the epoch that the row has.</summary>
    /// <returns>Whether it counted.</returns>
    public async Task<bool> RecordAsync(FakeTurn turn, string? text, Problem? problem)
    {
        while (await _turns.FindAsync(turn.Session, turn.TurnId, CancellationToken.None) is { } row)
        {
            if (row.Value.Epoch != turn.Request.Epoch || row.Value.Status.IsTerminal())
            {
                return false;
            }

            try
            {
                await _turns.UpdateAsync(row, turn.Close(row.Value, Id, text, problem), CancellationToken.None);
                return true;
            }
            catch (ConcurrencyConflictException)
            {
                // Somebody else wrote first: read again.
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await StopBeatingAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        _ending.Dispose();
    }

    private Task AnswerUnlessMuteAsync(HttpContext context, RequestDelegate next)
    {
        Shown.Enqueue(context.Request.Headers.Authorization);
        if (Mute)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return next(context);
    }

    private async Task EndAsync(string turnId, string? text, Problem? problem)
    {
        var turn = await HoldsAsync(turnId);
        turn.Finished = turn.ToMessage(problem);
        if (!await RecordAsync(turn, text, problem))
        {
            return;
        }

        turn.Recorded.TrySetResult();
        if (text is null || !turn.IsHeard)
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(_front, "/api/callbacks/turns"), turn.Finished, ContractsJsonContext.Default.TurnFinished);
            answer.EnsureSuccessStatusCode();
        }
    }

    private bool IsMine(string sessionId) => sessionId.Contains(_sessions, StringComparison.Ordinal);

    private async Task<IResult> SubmitAsync(string sessionId, int? wait, HttpRequest http)
    {
        var request = (await http.ReadFromJsonAsync(ContractsJsonContext.Default.HostTurnRequest))!;
        var refusal = IsMine(sessionId) ? Refuse(request) : ProblemCatalogue.HostAtCapacity(20);
        if (refusal is { } problem)
        {
            return Results.Json(problem, ContractsJsonContext.Default.Problem, statusCode: problem.Status);
        }

        var turn = new FakeTurn(SessionId.Parse(PathSegment.Decode(sessionId)), request);
        if (!_running.TryGetValue(request.TurnId, out var known) || known.Request.Epoch < request.Epoch)
        {
            turn.IsHeard = request.CallbackUnlessHeard && wait > 0 && StaysOnTheLine;
            _running[request.TurnId] = turn;
            _received.Enqueue(turn);
            if (request.Prompt.StartsWith(Say, StringComparison.Ordinal))
            {
                await EndAsync(request.TurnId, request.Prompt[Say.Length..], null);
            }
        }

        var running = _running[request.TurnId];
        running.IsHeard &= request.CallbackUnlessHeard;
        return wait > 0 && StaysOnTheLine
            ? Results.Stream(body => TellAsync(body, running, http.HttpContext.RequestAborted), "application/x-ndjson")
            : Results.Json(running.ToHostTurn(), ContractsJsonContext.Default.HostTurn, statusCode: 202);
    }

    private async Task TellAsync(Stream body, FakeTurn turn, CancellationToken aborted)
    {
        await TellAsync(body, turn.ToHostTurn() with { State = HostTurnState.Running, Finished = null }, aborted);
        await turn.Recorded.Task.WaitAsync(aborted);
        var row = await _turns.FindAsync(turn.Session, turn.TurnId, aborted);
        await TellAsync(body, turn.ToHostTurn() with { Turn = TurnResources.Of(row!.Value) }, aborted);
    }

    private static async Task TellAsync(Stream body, HostTurn line, CancellationToken aborted)
    {
        await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, ContractsJsonContext.Default.HostTurn), aborted);
        await body.WriteAsync("\n"u8.ToArray(), aborted);
        await body.FlushAsync(aborted);
    }

    private IResult Find(string turnId) =>
        _running.TryGetValue(PathSegment.Decode(turnId), out var turn)
            ? Results.Json(turn.ToHostTurn(), ContractsJsonContext.Default.HostTurn)
            : Results.Json(ProblemCatalogue.TurnNotFound(), ContractsJsonContext.Default.Problem, statusCode: 404);

    private async Task<IResult> CancelAsync(string turnId)
    {
        Cancelled.Enqueue(turnId);
        if (_running.TryGetValue(PathSegment.Decode(turnId), out var turn) && turn.Finished is null)
        {
            await EndAsync(turn.Request.TurnId, null, ProblemCatalogue.TurnCancelled());
        }

        return Find(turnId);
    }

    private IResult Erase(string sessionId, string route)
    {
        if (!IsMine(sessionId))
        {
            return Results.NoContent();
        }

        Erased.Enqueue((sessionId, route));
        return RefuseErasure is { } problem
            ? Results.Json(problem, ContractsJsonContext.Default.Problem, statusCode: problem.Status)
            : Results.NoContent();
    }

    private Task SaveRowAsync(TimeSpan interval) =>
        _hosts.SaveAsync(
            new HostRecord
            {
                HostId = Id,
                Url = Url,
                StartedAt = _startedAt,
                HeartbeatAt = default,
                HeartbeatInterval = interval,
                LiveProcesses = _running.Count,
                RunningTurns = _running.Count,
                MaxSessions = 20,
                Profiles = ["default"],
                Draining = Draining,
            },
            CancellationToken.None);

    private async Task BeatOnAsync()
    {
        using var timer = new PeriodicTimer(s_beat, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                await BeatAsync();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private async Task StopBeatingAsync()
    {
        await _ending.CancelAsync();
        await _beating;
    }
}
