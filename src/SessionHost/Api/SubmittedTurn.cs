using System.Buffers;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>The answer to a caller who stays on the line: at once a line that says that the turn runs, and a second one when it has ended.</summary>
/// <param name="recorded">The turn's row as its end was written; null when it was not.</param>
/// <param name="wait">How long the second line is waited for.</param>
internal sealed class SubmittedTurn(HostTurn accepted, Task<TurnRecord?> recorded, TimeSpan wait, TimeProvider time) : IResult
{
    public const string ContentType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = ContentType;
        try
        {
            await WriteAsync(response, accepted, aborted);
            if (await recorded.WaitAsync(wait, time, aborted) is { } turn)
            {
                await WriteAsync(response, Ended(turn), aborted);
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
    }

    private HostTurn Ended(TurnRecord turn) => accepted with { State = HostTurnState.Finished, Turn = TurnResources.Of(turn) };

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
