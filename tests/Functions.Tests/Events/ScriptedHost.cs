using System.Text;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>A session host of one turn, as far as listeners see it: what it tells is kept, and told from where a listener left off.</summary>
internal sealed class ScriptedHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<NumberedEvent> _told = [];
    private CancellationTokenSource _connections = new();
    private TaskCompletionSource _changed = NewSignal();
    private int _run = 1;
    private int _listeners;

    private ScriptedHost(WebApplication app, string hostId)
    {
        _app = app;
        HostId = hostId;
    }

    public string HostId { get; }

    /// <summary>Whether it knows the turn; else it answers 404.</summary>
    public bool KnowsTurn { get; set; } = true;

    /// <summary>How often it was asked for events.</summary>
    public int Asked { get; private set; }

    /// <summary>How many listen now.</summary>
    public int Listeners => Volatile.Read(ref _listeners);

    public HostRecord Record => new()
    {
        HostId = HostId,
        Url = new Uri(_app.Urls.Single()),
        StartedAt = TurnRows.Began,
        HeartbeatAt = TimeProvider.System.GetUtcNow(),
        HeartbeatInterval = TimeSpan.FromHours(1),
    };

    public static async Task<ScriptedHost> StartAsync(string hostId)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var host = new ScriptedHost(app, hostId);
        app.MapGet("/sessions/{session}/turns/{turn}/events", host.ListenAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public void Tell(TurnEvent turnEvent)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _told.Add(new NumberedEvent($"{HostId}.{_run}-{_told.Count + 1}", turnEvent));
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>Runs the turn anew: what it told before is forgotten.</summary>
    public void BeginRun()
    {
        lock (_lock)
        {
            _run++;
            _told.Clear();
        }

        Break();
    }

    /// <summary>Breaks every connection.</summary>
    public void Break()
    {
        CancellationTokenSource broken;
        lock (_lock)
        {
            (broken, _connections) = (_connections, new CancellationTokenSource());
        }

        broken.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Break();
        _connections.Dispose();
        await _app.DisposeAsync();
    }

    private async Task ListenAsync(HttpContext http)
    {
        Asked++;
        if (!KnowsTurn)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        CancellationToken broken;
        lock (_lock)
        {
            broken = _connections.Token;
        }

        await using var breaking = broken.Register(http.Abort);
        Interlocked.Increment(ref _listeners);
        try
        {
            await TellAsync(http);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The connection was broken, by the test or by the listener.
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task TellAsync(HttpContext http)
    {
        var lastId = http.Request.Headers["Last-Event-ID"].FirstOrDefault();
        var position = Find(lastId);
        http.Response.ContentType = "text/event-stream";
        if (lastId is not null && position == 0)
        {
            await WriteAsync(http, new NumberedEvent($"{HostId}.{_run}-0", new TurnEvent.Reset("Another run.")));
        }

        while (true)
        {
            await http.Response.Body.FlushAsync(http.RequestAborted);
            var (next, changed) = Read(position);
            foreach (var told in next)
            {
                await WriteAsync(http, told);
                position++;
                if (told.Event.IsLast)
                {
                    return;
                }
            }

            await changed.WaitAsync(http.RequestAborted);
        }
    }

    private static Task WriteAsync(HttpContext http, NumberedEvent told)
    {
        var data = Encoding.UTF8.GetString(TurnEventJson.Write(told.Event));
        return http.Response.WriteAsync($"id: {told.Id}\nevent: {TurnEventJson.NameOf(told.Event)}\ndata: {data}\n\n", http.RequestAborted);
    }

    private (List<NumberedEvent> Next, Task Changed) Read(int position)
    {
        lock (_lock)
        {
            return (_told[position..], _changed.Task);
        }
    }

    private int Find(string? lastId)
    {
        lock (_lock)
        {
            return _told.FindIndex(told => told.Id == lastId) + 1;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
