using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.OpenAi.Wire;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Answers a request with the reply of its turn.</summary>
internal sealed class ChatCompletionResult(TurnRecord turn, Reply reply, string model) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var completion = new ChatCompletion
        {
            Id = ChatIds.Of(turn.TurnId),
            Created = turn.Timings.CreatedAt.ToUnixTimeSeconds(),
            Model = model,
            Choices = [new ChatChoice { Message = new ChatAnswer { Content = reply.Text } }],
            Usage = ChatUsage.Of(reply.Usage),
            Broker = BrokerPart.Of(turn, reply),
        };
        var response = httpContext.Response;
        response.ContentType = "application/json";
        ChatHeaders.Write(response, turn);
        await JsonSerializer.SerializeAsync(response.Body, completion, OpenAiJsonContext.Default.ChatCompletion, httpContext.RequestAborted);
    }
}

/// <summary>Answers a request with the pieces of its turn's reply; see <see cref="ServerSentStream{T}"/>.</summary>
internal sealed class ChatStream(TurnRecord turn, IAsyncEnumerable<byte[]> pieces, TimeSpan heartbeat, TimeProvider time, CancellationToken stopping)
    : ServerSentStream<byte[]>(pieces, heartbeat, time, stopping)
{
    protected override void Prepare(HttpResponse response) => ChatHeaders.Write(response, turn);

    protected override void Write(PipeWriter body, byte[] told)
    {
        body.Write("data: "u8);
        body.Write(told);
        body.Write("\n\n"u8);
    }
}
