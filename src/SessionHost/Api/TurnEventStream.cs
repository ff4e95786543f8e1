using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.SessionHost.Events;
using Microsoft.AspNetCore.Http.Features;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Answers with a turn's events as <c>text/event-stream</c>, from where the caller has left off to the last one.</summary>
/// <param name="lastEventId">The id of the last event that the caller has; null when it has none.</param>
internal sealed class TurnEventStream(TurnRelay relay, string? lastEventId, TimeSpan heartbeat, TimeProvider time) : IResult
{
    public const string ContentType = "text/event-stream";

    private const string AnotherRun = "The turn is being run again.";
    private const int UnsentBytes = 64 * 1024;

    /// <summary>How often a busy turn's text is sent at most: no screen shows more.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(10);

    private long _position;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var known = KnownPosition();
        if (known is { } position && relay.Log.IsOver(position))
        {
            // Tells an EventSource that it need not come again.
            httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var response = httpContext.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            _position = known ?? 0;
            if (known is null && !string.IsNullOrEmpty(lastEventId))
            {
                // What the caller has rendered is of a run that this host knows nothing of.
                Write(response.BodyWriter, new TurnEvent.Reset(AnotherRun));
            }

            await SendAsync(response.BodyWriter, httpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The listener has gone; the turn does not notice.
        }
    }

    private long? KnownPosition() =>
        lastEventId?.Split('-') is [var run, var position]
        && run == relay.Run
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
            ? known
            : null;

    private async Task SendAsync(PipeWriter body, CancellationToken cancellationToken)
    {
        while (!await SendWhatIsThereAsync(body, cancellationToken))
        {
            var sent = time.GetTimestamp();
            await WaitAsync(body, cancellationToken);
            var quiet = time.GetElapsedTime(sent);
            if (quiet < s_pace)
            {
                await Task.WhenAny(relay.Ended, Task.Delay(s_pace - quiet, time, cancellationToken));
            }
        }
    }

    /// <returns>Whether the last event was sent.</returns>
    private async Task<bool> SendWhatIsThereAsync(PipeWriter body, CancellationToken cancellationToken)
    {
        var last = false;
        while (!last && relay.Log.Read(_position) is var (turnEvent, position))
        {
            _position = position;
            Write(body, turnEvent);
            last = turnEvent.IsLast;
            if (body.UnflushedBytes > UnsentBytes)
            {
                await body.FlushAsync(cancellationToken);
            }
        }

        // Also when there is nothing to say: the headers tell the caller that it listens.
        var flushed = await body.FlushAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return last || flushed.IsCompleted;
    }

    private async Task WaitAsync(PipeWriter body, CancellationToken cancellationToken)
    {
        try
        {
            await relay.Log.WaitAsync(_position).WaitAsync(heartbeat, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            body.Write(":\n\n"u8);
        }
    }

    // JSON has no line breaks of its own, so the data is one line.
    private void Write(PipeWriter body, TurnEvent turnEvent)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"id: {relay.Run}-{_position}\nevent: {TurnEventJson.NameOf(turnEvent)}\ndata: ");
        Encoding.UTF8.GetBytes(head, body);
        body.Write(TurnEventJson.Write(turnEvent));
        body.Write("\n\n"u8);
    }
}
