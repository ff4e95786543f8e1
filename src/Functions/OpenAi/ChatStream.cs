using System.Buffers;
using System.IO.Pipelines;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

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
