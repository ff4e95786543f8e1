using System.Globalization;
using System.Text;
using Azure;

namespace FunctionsBroker.Local.Storage.Tables.Batches;

/// <summary>Reads the answer to a transaction: one HTTP response per action, or a single one that says what failed.</summary>
internal static class BatchReader
{
    private static readonly byte[] s_newPart = "\nHTTP/1.1 "u8.ToArray();

    public static IReadOnlyList<Response> Read(Response whole)
    {
        // The parts are found by their status lines: bodies are JSON, in which a line break is always escaped.
        var parts = new List<Response>();
        var rest = whole.Content.ToMemory();
        var start = rest.Span.IndexOf(s_newPart);
        while (start >= 0)
        {
            rest = rest[(start + 1)..];
            start = rest.Span.IndexOf(s_newPart);
            parts.Add(ReadPart(start < 0 ? rest : rest[..start], whole.ClientRequestId));
        }

        return parts;
    }

    private static BatchResponse ReadPart(ReadOnlyMemory<byte> part, string clientRequestId)
    {
        // "HTTP/1.1 404 Not Found", where the reason may be missing.
        var line = ReadLine(ref part).Split(' ', 3);
        var status = int.Parse(line[1], NumberStyles.None, CultureInfo.InvariantCulture);
        var response = new BatchResponse(status, line.Length > 2 ? line[2] : string.Empty, clientRequestId);
        while (part.Length > 0 && ReadLine(ref part) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                response.AddHeader(header[..colon].Trim(), header[(colon + 1)..].Trim());
            }
        }

        var body = Body(part.Span).ToArray();
        response.ContentStream = new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true);
        return response;
    }

    private static string ReadLine(ref ReadOnlyMemory<byte> text)
    {
        var end = text.Span.IndexOf((byte)'\n');
        var line = Encoding.UTF8.GetString(end < 0 ? text.Span : text.Span[..end]).TrimEnd('\r');
        text = end < 0 ? default : text[(end + 1)..];
        return line;
    }

    // A JSON object up to its last brace: the boundary that follows it has none.
    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOf((byte)'{');
        var end = text.LastIndexOf((byte)'}');
        return start >= 0 && end > start ? text[start..(end + 1)] : default;
    }
}
