using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>: a turn, for clients of the OpenAI API.</summary>
internal sealed class ChatCompletionsFunction(ChatCompleter completer, ChatStreamer streamer, OpenAiKeys keys, TimeProvider time)
{
    [Function("ChatCompletions")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v1/chat/completions")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        if (!keys.Allow(request))
        {
            return new OpenAiErrorResult(ProblemCatalogue.Unauthorized());
        }

        var read = await RequestBody.ReadAsync(
            request,
            OpenAiJsonContext.Default.ChatCompletionRequest,
            TurnLimits.MaxBodyBytesWithAttachments,
            cancellationToken);
        if (!read.TryGet(out var body, out var problem))
        {
            return new OpenAiErrorResult(problem);
        }

        var key = request.Headers[ChatHeaders.IdempotencyKey].FirstOrDefault();
        var turnId = key ?? TurnIdGeneration.NewTurnId(time).Value;
        return ChatRequestReader.Read(body, ChatHeaders.FindSession(request), turnId) switch
        {
            ChatReading.Turn turn when body.Stream == true =>
                await streamer.StreamAsync(turn, turnId, body.StreamOptions?.IncludeUsage == true, durable, cancellationToken),
            ChatReading.Turn turn => await completer.CompleteAsync(turn, turnId, isKeyed: key is not null, durable, cancellationToken),
            ChatReading.Invalid invalid => new OpenAiErrorResult(invalid.Problem, invalid.Param),
            _ => throw new UnreachableException(),
        };
    }
}
