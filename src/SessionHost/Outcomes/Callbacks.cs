using System.Collections.Concurrent;
using System.Net;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>Tells the front that turns have ended. The reply is in the Turns table by then, so a lost call costs time and no answer.</summary>
/// <param name="callbackKey">What it shows to the front; null where an identity is enough.</param>
/// <param name="count">Is told how each call ended.</param>
internal sealed partial class Callbacks(HttpClient http, string? callbackKey, Action<string> count, TimeProvider time, ILogger<Callbacks> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly RetryDelays s_delays = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));

    private readonly ConcurrentDictionary<long, Task> _sending = new();
    private readonly CancellationTokenSource _disposing = new();
    private long _count;
    private int _disposed;

    /// <summary>Begins to send; goes on for minutes in the background when the front does not answer.</summary>
    public void Send(Uri url, TurnFinished finished)
    {
        var id = Interlocked.Increment(ref _count);
        var sending = SendAsync(id, url, finished);
        _sending[id] = sending;
        if (sending.IsCompleted)
        {
            _sending.TryRemove(id, out _);
        }
    }

    /// <summary>Waits, within the patience, until nothing is on its way any more.</summary>
    public async Task FlushAsync(TimeSpan patience)
    {
        try
        {
            await Task.WhenAll(_sending.Values).WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            LogAbandoned(logger, _sending.Count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _disposing.CancelAsync();
            await Task.WhenAll(_sending.Values);
            _disposing.Dispose();
        }
    }

    private async Task SendAsync(long id, Uri url, TurnFinished finished)
    {
        try
        {
            foreach (var delay in s_delays)
            {
                if (await TrySendAsync(url, finished))
                {
                    return;
                }

                await Task.Delay(delay, time, _disposing.Token);
            }

            LogGivenUp(logger, finished.SessionId, finished.TurnId);
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            // The front's own watchdog asks for the turn, which is in the table.
        }
        finally
        {
            _sending.TryRemove(id, out _);
        }
    }

    private async Task<bool> TrySendAsync(Uri url, TurnFinished finished)
    {
        using var timeout = new CancellationTokenSource(s_patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _disposing.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = JsonContent.Create(finished, ContractsJsonContext.Default.TurnFinished),
            };
            if (callbackKey is not null)
            {
                request.Headers.Add(BrokerHeaders.CallbackKey, callbackKey);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            count(response.IsSuccessStatusCode ? "accepted" : "refused");
            if (response.IsSuccessStatusCode)
            {
                return true;
            }

            LogRefused(logger, finished.SessionId, finished.TurnId, (int)response.StatusCode);

            // The front no longer waits for this turn.
            return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone;
        }
        catch (HttpRequestException exception)
        {
            count("unreachable");
            LogUnreachable(logger, finished.SessionId, finished.TurnId, exception.Message);
            return false;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            count("timeout");
            LogUnreachable(logger, finished.SessionId, finished.TurnId, "no answer in time");
            return false;
        }
    }

    [LoggerMessage(EventIds.Refused, LogLevel.Warning, "The front refused the end of turn {TurnId} of session {SessionId} with status {Status}")]
    private static partial void LogRefused(ILogger logger, string sessionId, string turnId, int status);

    [LoggerMessage(EventIds.Unreachable, LogLevel.Debug, "The front could not be told of the end of turn {TurnId} of session {SessionId}: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string sessionId, string turnId, string reason);

    [LoggerMessage(EventIds.CallbacksGivenUp, LogLevel.Warning, "The front was not told of the end of turn {TurnId} of session {SessionId}; it will find it in the table")]
    private static partial void LogGivenUp(ILogger logger, string sessionId, string turnId);

    [LoggerMessage(EventIds.Abandoned, LogLevel.Warning, "{Count} callbacks were still on their way at the end")]
    private static partial void LogAbandoned(ILogger logger, int count);
}
