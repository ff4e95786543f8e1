using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FunctionsBroker.Contracts.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FunctionsBroker.Functions.Events;

/// <summary>Answers with <c>text/event-stream</c>.</summary>
/// <param name="events">What to tell. It is asked for the next event only when the caller has taken those before it.</param>
/// <param name="heartbeat">How often a sign of life is sent while there is nothing to tell.</param>
/// <param name="stopping">Ends the stream without a last event, so that the caller comes again: to another instance.</param>
internal abstract class ServerSentStream<T>(
    IAsyncEnumerable<T> events,
    TimeSpan heartbeat,
    TimeProvider time,
    CancellationToken stopping) : IResult
{
    public const string ContentType = "text/event-stream";

    private const int UnsentBytes = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        Prepare(response);
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await SendAsync(response.BodyWriter, leaving);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The caller has gone, or this instance goes; the turn does not notice.
        }
    }

    /// <summary>Sets further headers.</summary>
    protected virtual void Prepare(HttpResponse response)
    {
    }

    protected abstract void Write(PipeWriter body, T told);

    private async Task SendAsync(PipeWriter body, CancellationTokenSource leaving)
    {
        var told = events.GetAsyncEnumerator(leaving.Token);
        var step = told.MoveNextAsync().AsTask();
        try
        {
            while (await HasNextAsync(step, body, leaving.Token))
            {
                Write(body, told.Current);
                step = told.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            await EndAsync(told, step, leaving);
        }
    }

    /// <summary>Sends what is unsent before it waits, and a sign of life whenever it has waited for long.</summary>
    private async Task<bool> HasNextAsync(Task<bool> step, PipeWriter body, CancellationToken cancellationToken)
    {
        while (!step.IsCompleted)
        {
            // Also when there is nothing to say: the headers tell the caller that it listens.
            await FlushAsync(body, cancellationToken);
            try
            {
                return await step.WaitAsync(heartbeat, time, cancellationToken);
            }
            catch (TimeoutException) when (!step.IsCompleted)
            {
                body.Write(":\n\n"u8);
            }
        }

        var hasNext = await step;
        if (!hasNext || body.UnflushedBytes > UnsentBytes)
        {
            await FlushAsync(body, cancellationToken);
        }

        return hasNext;
    }

    private static async Task FlushAsync(PipeWriter body, CancellationToken cancellationToken)
    {
        var flushed = await body.FlushAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The caller has closed the connection.");
        }
    }

    // An enumerator may not be disposed of in the middle of a step.
    private static async Task EndAsync(IAsyncEnumerator<T> told, Task<bool> step, CancellationTokenSource leaving)
    {
        if (!step.IsCompleted)
        {
            await leaving.CancelAsync();
            await Task.WhenAny(step);
        }

        await told.DisposeAsync();
    }
}

/// <summary>Answers with a turn's events; see <see cref="ServerSentStream{T}"/>.</summary>
internal sealed class TurnEventStream(IAsyncEnumerable<NumberedEvent> events, TimeSpan heartbeat, TimeProvider time, CancellationToken stopping)
    : ServerSentStream<NumberedEvent>(events, heartbeat, time, stopping)
{
    // JSON has no line breaks of its own, so the data is one line.
    protected override void Write(PipeWriter body, NumberedEvent told)
    {
        Encoding.UTF8.GetBytes($"id: {told.Id}\nevent: {TurnEventJson.NameOf(told.Event)}\ndata: ", body);
        body.Write(TurnEventJson.Write(told.Event));
        body.Write("\n\n"u8);
    }
}
