using FunctionsBroker.LoopbackModel.Answers;
using FunctionsBroker.LoopbackModel.Directives;

namespace FunctionsBroker.LoopbackModel.Replies;

/// <summary>Sends a reply as the API streams it, at the pace and with the faults of a directive.</summary>
internal sealed class StreamedReply(Reply reply, Directive directive, TimeProvider time)
{
    private const int DefaultChunk = 64;

    /// <summary>Sends the whole stream.</summary>
    /// <returns>False when it ended with an error event.</returns>
    /// <exception cref="CutException">The connection is to be cut here.</exception>
    public async Task<bool> SendAsync(EventStream stream, Func<string> comment, CancellationToken cancellationToken)
    {
        Open(stream);
        var deltas = Deltas();
        var faultAt = Math.Min(deltas.Count - 1, Math.Max(1, deltas.Count / 2));
        for (var index = 0; index < deltas.Count; index++)
        {
            if (index > 0 && directive.ChunkDelay is { } pause)
            {
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(pause, time, cancellationToken);
            }

            if (index == faultAt && await FaultAsync(stream, cancellationToken))
            {
                return false;
            }

            WriteDelta(stream, deltas[index]);
            if (index == 0)
            {
                // The first delta leaves at once: readers measure the time to it.
                await stream.FlushAsync(cancellationToken);
            }
        }

        Close(stream, hasContent: deltas.Count > 0);
        stream.WriteComment(comment());
        await stream.FlushAsync(cancellationToken);
        return true;
    }

    private void Open(EventStream stream)
    {
        stream.Write("message_start", json =>
        {
            json.WriteStartObject("message");
            reply.WriteMessage(json, announced: true);
            json.WriteEndObject();
        });
        stream.Write("ping", static _ => { });
        if (reply.Answer is Answer.Text { Value.Length: 0 })
        {
            return;
        }

        stream.Write("content_block_start", json =>
        {
            json.WriteNumber("index", 0);
            json.WriteStartObject("content_block");
            if (reply.Answer is Answer.ToolCall call)
            {
                json.WriteString("type", "tool_use");
                json.WriteString("id", reply.ToolUseId);
                json.WriteString("name", call.Name);
                json.WriteStartObject("input");
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("type", "text");
                json.WriteString("text", "");
            }

            json.WriteEndObject();
        });
    }

    private List<string> Deltas()
    {
        var text = reply.Answer switch
        {
            Answer.Text said => said.Value,
            Answer.ToolCall call => call.InputJson,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var size = directive.Chunk ?? DefaultChunk;
        if (directive is { Drop: Drop.MidStream } or { Stall: not null } or { StreamError: not null })
        {
            // A fault in the middle needs two parts.
            size = Math.Clamp(text.Length / 2, 1, size);
        }

        var deltas = new List<string>((text.Length / size) + 1);
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + size, text.Length);
            // A surrogate pair is one character to the reader and stays in one delta.
            end += end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
            deltas.Add(text[start..end]);
            start = end;
        }

        return deltas;
    }

    private void WriteDelta(EventStream stream, string text) => stream.Write("content_block_delta", json =>
    {
        var (type, member) = reply.Answer is Answer.ToolCall ? ("input_json_delta", "partial_json") : ("text_delta", "text");
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        json.WriteString("type", type);
        json.WriteString(member, text);
        json.WriteEndObject();
    });

    private void Close(EventStream stream, bool hasContent)
    {
        if (hasContent)
        {
            stream.Write("content_block_stop", static json => json.WriteNumber("index", 0));
        }

        stream.Write("message_delta", json =>
        {
            json.WriteStartObject("delta");
            json.WriteString("stop_reason", reply.StopReason);
            json.WriteNull("stop_sequence");
            json.WriteEndObject();
            reply.Usage.Write(json, reply.Usage.Output);
        });
        stream.Write("message_stop", static _ => { });
    }

    // Returns true when the stream ends here with an error event.
    private async Task<bool> FaultAsync(EventStream stream, CancellationToken cancellationToken)
    {
        if (directive.Drop is Drop.MidStream)
        {
            throw new CutException();
        }

        if (directive.Stall is { } stall)
        {
            await StallAsync(stream, stall, cancellationToken);
        }

        if (directive.StreamError is { } type)
        {
            stream.Write("error", new ApiError(StatusCodes.Status200OK, type, "The stream failed as asked.").WriteMember);
            await stream.FlushAsync(cancellationToken);
            return true;
        }

        return false;
    }

    private async Task StallAsync(EventStream stream, TimeSpan stall, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        var started = time.GetTimestamp();
        while (stall - time.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            var step = directive.Ping is { } ping && ping < left ? ping : left;
            await Task.Delay(step, time, cancellationToken);
            if (directive.Ping is not null)
            {
                stream.Write("ping", static _ => { });
                await stream.FlushAsync(cancellationToken);
            }
        }
    }
}
