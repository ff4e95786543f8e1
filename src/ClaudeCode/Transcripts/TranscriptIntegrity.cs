using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Tells whether the CLI would find a whole conversation in a transcript.</summary>
/// <remarks>
/// Each line names the one that it follows (<c>parentUuid</c>), and the CLI resumes what it reaches from the last one: behind a line that
/// cannot be read it loses, without a word, all that came before. A line that nothing follows is of no consequence: one that a killed
/// process did not write to its end.
/// </remarks>
public static class TranscriptIntegrity
{
    public static async Task<bool> IsWholeAsync(string path, CancellationToken cancellationToken)
    {
        HashSet<Guid> known = [];
        var unread = false;
        await foreach (var line in TranscriptCursor.At(path, 0).ReadAsync(cancellationToken))
        {
            if (line.Dropped > 0)
            {
                // Too long to be read here. The CLI may read it, and then nobody knows what follows it.
                return true;
            }

            if (!TryRead(line.Bytes.Span, out var id, out var parent))
            {
                unread = true;
            }
            else if (unread && parent is { } followed && !known.Contains(followed))
            {
                return false;
            }
            else if (id is { } read)
            {
                known.Add(read);
            }
        }

        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out Guid? id, out Guid? parent)
    {
        (id, parent) = (null, null);
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    continue;
                }

                var (isId, isParent) = (reader.ValueTextEquals("uuid"u8), reader.ValueTextEquals("parentUuid"u8));
                reader.Read();
                Guid? value = (isId || isParent) && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var guid) ? guid : null;
                (id, parent) = (isId ? value : id, isParent ? value : parent);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
