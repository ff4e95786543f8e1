using System.Buffers;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>The answer to a caller who stays on the line: at once a line that says that the turn runs, and a second one when it has ended.</summary>
internal sealed class SubmittedTurn : IResult
{
    public const string ContentType = "application/x-ndjson";

    private readonly HostTurn _accepted;
    private readonly Task<TurnRecord?> _recorded;
    private readonly TurnLine? _line;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _time;

    /// <param name="recorded">The turn's row as its end was written; null when it was not.</param>
    /// <param name="line">Where the caller is counted, from now on; null when the turn has run already.</param>
    /// <param name="wait">How long the second line is waited for.</param>
    public SubmittedTurn(HostTurn accepted, Task<TurnRecord?> recorded, TurnLine? line, TimeSpan wait, TimeProvider time)
    {
        (_accepted, _recorded, _line, _wait, _time) = (accepted, recorded, line, wait, time);
        line?.Open();
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted, heard) = (httpContext.Response, httpContext.RequestAborted, false);
        response.ContentType = ContentType;
        try
        {
            await WriteAsync(response, _accepted, aborted);
            if (await _recorded.WaitAsync(_wait, _time, aborted) is { } turn)
            {
                await WriteAsync(response, Ended(turn), aborted);
                heard = !aborted.IsCancellationRequested;
            }
        }
        catch (TimeoutException)
        {
            // The caller hears of the end by the callback, as everybody does.
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The caller went; the turn goes on.
        }
        finally
        {
            _line?.Close(heard);
        }
    }

    private HostTurn Ended(TurnRecord turn) => _accepted with { State = HostTurnState.Finished, Turn = TurnResources.Of(turn) };

    private static async Task WriteAsync(HttpResponse response, HostTurn line, CancellationToken aborted)
    {
        // The line and its end together, or its reader would be woken twice.
        var body = response.BodyWriter;
        using (var json = new Utf8JsonWriter(body))
        {
            JsonSerializer.Serialize(json, line, ContractsJsonContext.Default.HostTurn);
        }

        body.Write("\n"u8);
        await body.FlushAsync(aborted);
    }
}
