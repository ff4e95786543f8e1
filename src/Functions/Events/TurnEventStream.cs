using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Functions.Events;

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
