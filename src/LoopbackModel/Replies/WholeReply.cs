using System.Buffers;
using System.Text.Json;
using FunctionsBroker.LoopbackModel.Directives;

namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>Sends a reply as one JSON document, with the faults of a directive.</summary>
internal sealed class WholeReply(Reply reply, Directive directive, TimeProvider time)
{
    /// <exception cref="CutException">The connection is to be cut here.</exception>
    public async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        var body = Body();
        if (directive.Stall is { } stall)
        {
            await Task.Delay(stall, time, cancellationToken);
        }

        var cut = directive.Drop switch
        {
            Drop.MidStream => body.Length / 2,
            Drop.AfterBytes after when after.Count < body.Length => after.Count,
            _ => (int?)null,
        };
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body.Span[..(cut ?? body.Length)]);
        if (cut is not null)
        {
            throw new CutException();
        }

        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private ReadOnlyMemory<byte> Body()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            reply.WriteMessage(json, announced: false);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
