using System.Globalization;
using System.Text.Json;
using FunctionsBroker.LoopbackModel.Answers;
using FunctionsBroker.LoopbackModel.Conversations;
using FunctionsBroker.LoopbackModel.Directives;
using FunctionsBroker.LoopbackModel.Replies;
using FunctionsBroker.LoopbackModel.Requests;

namespace FunctionsBroker.LoopbackModel;

/// <summary><c>POST /v1/messages</c> and <c>POST /v1/messages/count_tokens</c>.</summary>
internal sealed class MessagesEndpoint(Behaviour behaviour, RequestLog log, TimeProvider time)
{
    /// <summary>The response header that says how many milliseconds the model took until the headers; a stream ends with a comment of the same name for the whole.</summary>
    public const string DurationHeader = "x-model-ms";

    private const string SessionHeader = "x-claude-code-session-id";
    private const int KeptPromptLength = 200;

    public async Task AnswerAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        if (await ReadAsync(context) is not var (conversation, own))
        {
            return;
        }

        // What the CLI asks for itself neither suffers nor uses up the faults meant for a turn.
        var (directive, attempt) = conversation.Kind == RequestKind.Side
            ? (Directive.None, 1)
            : behaviour.Next($"{conversation.Id}|{conversation.Prompt}", own);
        var node = log.Add(Describe(conversation, attempt));
        var (outcome, headersMs) = (RequestOutcome.Abandoned, (double?)null);
        context.Response.OnStarting(() =>
        {
            headersMs = Elapsed(started);
            context.Response.Headers[DurationHeader] = Format(headersMs.Value);
            return Task.CompletedTask;
        });
        try
        {
            outcome = await SendAsync(context, conversation, directive, started);
        }
        catch (CutException)
        {
            outcome = RequestOutcome.Dropped;
            if (directive.Drop is not Drop.BeforeHeaders)
            {
                await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
            }

            context.Abort();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; the log says so.
        }
        finally
        {
            var status = headersMs is null ? (int?)null : context.Response.StatusCode;
            log.Update(node, request => request with { Outcome = outcome, Status = status, HeadersMs = headersMs, TotalMs = Elapsed(started) });
        }
    }

    public async Task CountTokensAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not var (conversation, _))
        {
            return;
        }

        log.Add(Describe(conversation, attempt: 1) with { Kind = RequestKind.Count, Outcome = RequestOutcome.Answered, Status = StatusCodes.Status200OK });
        var size = conversation.Size;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"input_tokens":{{RequestSize.Tokens(size.Cached + size.New)}}}""", context.RequestAborted);
    }

    private async Task<RequestOutcome> SendAsync(HttpContext context, Conversation conversation, Directive directive, long started)
    {
        var cancellationToken = context.RequestAborted;
        if (directive.Delay is { } delay)
        {
            await Task.Delay(delay, time, cancellationToken);
        }

        if (directive.Drop is Drop.BeforeHeaders)
        {
            throw new CutException();
        }

        if (directive.Status is { } status)
        {
            await ApiError.WriteAsync(context, ApiError.For(status), directive.RetryAfter, ResetOf(directive));
            return RequestOutcome.Failed;
        }

        var answer = AnswerComposer.Compose(conversation);
        var reply = Reply.Create(conversation.Model, answer, directive.Stop, output => Usage.Of(conversation.Size, output));
        if (!conversation.Stream)
        {
            await new WholeReply(reply, directive, time).SendAsync(context.Response, cancellationToken);
            return RequestOutcome.Answered;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        var stream = new EventStream(context.Response.BodyWriter, (directive.Drop as Drop.AfterBytes)?.Count);
        var whole = await new StreamedReply(reply, directive, time)
            .SendAsync(stream, () => $"{DurationHeader} {Format(Elapsed(started))}", cancellationToken);
        return whole ? RequestOutcome.Answered : RequestOutcome.Failed;
    }

    // Null when the request is refused; the caller has its error then.
    private static async Task<(Conversation Conversation, Directive Own)?> ReadAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!headers.ContainsKey("x-api-key") && !headers.ContainsKey("authorization"))
        {
            await ApiError.WriteAsync(context, ApiError.For(StatusCodes.Status401Unauthorized));
            return null;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            var conversation = ConversationReader.Read(document.RootElement, headers[SessionHeader]);
            return (conversation, DirectiveParser.Split(conversation.Prompt).Directive);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            await ApiError.WriteAsync(context, new ApiError(StatusCodes.Status400BadRequest, "invalid_request_error", exception.Message));
            return null;
        }
    }

    private ReceivedRequest Describe(Conversation conversation, int attempt) => new()
    {
        Sequence = 0,
        Conversation = conversation.Id,
        Kind = conversation.Kind,
        Model = conversation.Model,
        Stream = conversation.Stream,
        Messages = conversation.MessageCount,
        Turns = conversation.Turns.Count,
        Attachments = conversation.Attachments,
        Prompt = conversation.Prompt is { Length: > KeptPromptLength } prompt ? prompt[..KeptPromptLength] : conversation.Prompt,
        Attempt = attempt,
        ReceivedAt = time.GetUtcNow(),
    };

    private DateTimeOffset? ResetOf(Directive directive) =>
        directive.Reset is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null;

    private double Elapsed(long started) => time.GetElapsedTime(started).TotalMilliseconds;

    private static string Format(double milliseconds) => milliseconds.ToString("F3", CultureInfo.InvariantCulture);
}
