using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Callers;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using FunctionsBroker.Sessions.Admission;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>The calls under <c>/v1</c>, for clients of the OpenAI API.</summary>
/// <remarks>
/// One function for all of them, so that whatever is asked is answered in the words of that API: the Functions host takes the first route that fits, in an
/// order that nothing promises, so that a second function with this route could take the place of the others.
/// </remarks>
internal sealed class OpenAiFunction(
    ChatTurns turns,
    ChatCompleter completer,
    ChatStreamer streamer,
    ModelCatalogue models,
    CallerKeys keys,
    IOptions<BrokerOptions> options)
{
    public const string Route = "v1/{*call}";

    private const string Prefix = "/v1/";
    private const string Chat = "chat/completions";
    private const string Models = "models";

    /// <summary>The calls that there are.</summary>
    public static IReadOnlyList<string> Calls { get; } = [$"POST {Prefix}{Chat}", $"GET {Prefix}{Models}", $"GET {Prefix}{Models}/{{model}}"];

    /// <summary>Whether a request is for that API, whatever it asks.</summary>
    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);

    [Function("OpenAi")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", "options", Route = Route)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (HttpMethods.IsOptions(request.Method))
        {
            // What a browser asks before it lets a page call; see OriginMiddleware.
            return Results.NoContent();
        }

        if (keys.FindOpenAi(request) is not { } caller)
        {
            return new OpenAiErrorResult(ProblemCatalogue.Unauthorized());
        }

        var path = request.Path.Value ?? string.Empty;
        var call = path.Length > Prefix.Length ? path[Prefix.Length..].TrimEnd('/') : string.Empty;
        return (request.Method, call.Split('/')) switch
        {
            ("POST", _) when call == Chat => await CompleteAsync(request, caller, durable, cancellationToken),
            ("GET", [Models]) => await models.ListAsync(cancellationToken),
            ("GET", [Models, var model]) => await models.FindAsync(model, cancellationToken),
            _ => new OpenAiErrorResult(ProblemCatalogue.CallNotFound(Calls)),
        };
    }

    private async Task<IResult> CompleteAsync(HttpRequest request, Caller caller, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var read = await RequestBody.ReadAsync(
            request,
            OpenAiJsonContext.Default.ChatCompletionRequest,
            TurnLimits.MaxBodyBytesWithAttachments,
            cancellationToken);
        if (!read.TryGet(out var body, out var problem))
        {
            return new OpenAiErrorResult(problem);
        }

        return ChatRequestReader.Read(body) switch
        {
            ChatReading.Invalid invalid => new OpenAiErrorResult(invalid.Problem, invalid.Param),
            ChatReading.Read(var chat) => await AnswerAsync(chat, ChatCaller.Of(request, caller, chat, options.Value), body, durable, cancellationToken),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<IResult> AnswerAsync(
        ChatRequest chat,
        ChatCaller caller,
        ChatCompletionRequest body,
        DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        await turns.SubmitAsync(chat, caller, durable) switch
        {
            ChatSubmission.Refused(var problem) => new OpenAiErrorResult(problem),
            ChatSubmission.Taken taken when body.Stream == true =>
                streamer.Stream(chat, caller, taken, body.StreamOptions?.IncludeUsage == true, durable, cancellationToken),
            ChatSubmission.Taken taken => await completer.CompleteAsync(chat, caller, taken, durable, cancellationToken),
            _ => throw new UnreachableException(),
        };
}
