using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Tells whether an answer got into a transcript.</summary>
public static class TranscriptAnswers
{
    /// <param name="offset">Where to begin, in bytes: the beginning of a line.</param>
    /// <returns>Where the first whole answer of the model ends, in bytes; null when there is none.</returns>
    /// <remarks>Measured on 2.1.329: with <c>stream-json</c> its last line is there when the CLI reports the result; in a terminal it comes up to 73 ms after the <c>Stop</c> hook.</remarks>
    public static async Task<long?> FindEndAsync(string path, long offset, CancellationToken cancellationToken)
    {
        var answer = new AnswerLines();
        var lines = TranscriptCursor.At(path, offset);
        await foreach (var line in lines.ReadAsync(cancellationToken))
        {
            if (line.Dropped > 0 || line.Bytes.Span.IndexOf("\"assistant\""u8) < 0)
            {
                continue;
            }

            TranscriptLine.Read(line.Bytes, read =>
            {
                if (read.Text("type") == "assistant" && !read.Flag("isSidechain") && read.Member("message") is { } message)
                {
                    answer.Accept(read, message);
                }
            });
            if (answer.Answer is { Text.Length: > 0 })
            {
                return lines.Offset;
            }
        }

        return null;
    }
}
