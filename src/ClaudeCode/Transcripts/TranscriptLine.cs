using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Reads single lines of a transcript.</summary>
internal static class TranscriptLine
{
    /// <summary>Hands on what the line says. One that cannot be read is passed over.</summary>
    public static void Read(ReadOnlyMemory<byte> line, Action<JsonElement> accept)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            accept(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // The last line of a killed process may be cut off; the CLI passes over it too.
        }
    }
}
