using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>Writes server-sent events of the Messages API, and cuts the connection after so many bytes when asked.</summary>
internal sealed class EventStream(PipeWriter output, int? cutAfterBytes)
{
    private readonly ArrayBufferWriter<byte> _event = new();
    private int _written;

    /// <summary>Writes one event: its type, then the members that <paramref name="writeMembers"/> adds.</summary>
    /// <exception cref="CutException">The bytes are used up.</exception>
    public void Write(string type, Action<Utf8JsonWriter> writeMembers)
    {
        _event.ResetWrittenCount();
        Encoding.UTF8.GetBytes($"event: {type}\ndata: ", _event);
        using (var json = new Utf8JsonWriter(_event))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            writeMembers(json);
            json.WriteEndObject();
        }

        _event.Write("\n\n"u8);
        Send(_event.WrittenSpan);
    }

    /// <summary>Writes a comment, which readers of the stream pass over.</summary>
    public void WriteComment(string comment) => Send(Encoding.UTF8.GetBytes($": {comment}\n\n"));

    public async Task FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    private void Send(ReadOnlySpan<byte> bytes)
    {
        var cut = cutAfterBytes - _written < bytes.Length;
        output.Write(cut ? bytes[..(cutAfterBytes!.Value - _written)] : bytes);
        _written += bytes.Length;
        if (cut)
        {
            throw new CutException();
        }
    }
}

/// <summary>The connection was cut on purpose.</summary>
internal sealed class CutException() : Exception("The connection was cut as asked.");
