using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>Stands where the front's callback is, and keeps what hosts say.</summary>
internal sealed class CallbackListener : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Key, TurnFinished Finished)> _received = new();
    private readonly ConcurrentQueue<string> _traces = new();
    private int _refusals;

    private CallbackListener(WebApplication app) => _app = app;

    public IReadOnlyList<(string Key, TurnFinished Finished)> Received => [.. _received];

    /// <summary>The traces that the calls belonged to.</summary>
    public IReadOnlyList<string> TraceParents => [.. _traces];

    public Uri Url => new(new Uri(_app.Urls.First()), "/callback");

    public static async Task<CallbackListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var listener = new CallbackListener(builder.Build());
        listener._app.MapPost("/callback", listener.AcceptAsync);
        await listener._app.StartAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    /// <summary>Answers the next calls with 503.</summary>
    public void Refuse(int times) => _refusals = times;

    public async Task<TurnFinished> WaitAsync(string turnId)
    {
        await Eventually.BecomesTrueAsync(
            () => _received.Any(call => call.Finished.TurnId == turnId),
            TestContext.Current.CancellationToken);
        return _received.Last(call => call.Finished.TurnId == turnId).Finished;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AcceptAsync(HttpRequest request)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        var finished = await request.ReadFromJsonAsync(ContractsJsonContext.Default.TurnFinished, request.HttpContext.RequestAborted);
        _traces.Enqueue(request.Headers.TraceParent.ToString());
        _received.Enqueue((request.Headers[BrokerHeaders.CallbackKey].ToString(), finished!));
        return Results.NoContent();
    }
}
