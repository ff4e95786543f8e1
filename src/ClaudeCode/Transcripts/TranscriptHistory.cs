using System.Globalization;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.Contracts.Hosts;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Reads what was said in a conversation, newest first, a page at a time.</summary>
public static class TranscriptHistory
{
    /// <summary>How much of the file one page may read: a long stretch without a message ends it early, and the next page goes on.</summary>
    private const long MaxBytes = 32 * 1024 * 1024;

    /// <param name="before">Where the page before this one ended, <see cref="HistoryPage.Next"/>; null for the newest.</param>
    /// <param name="limit">How many messages at most.</param>
    public static async Task<HistoryPage> ReadAsync(Transcript transcript, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transcript);

        List<HistoryEntry> entries = [];
        if (!transcript.Exists)
        {
            return new HistoryPage { Entries = entries };
        }

        await using var file = new FileStream(transcript.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
        var lines = new BackwardLines(file, Math.Min(before ?? file.Length, file.Length));
        while (entries.Count < limit && lines.BytesRead < MaxBytes && await lines.ReadAsync(cancellationToken) is { } line)
        {
            if (Read(line) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return new HistoryPage { Entries = entries, Next = lines.Start > 0 ? lines.Start.ToString(CultureInfo.InvariantCulture) : null };
    }

    private static HistoryEntry? Read(ReadOnlyMemory<byte> line)
    {
        // Most of a transcript is not messages; those are parsed only.
        if (line.Span.IndexOf("\"message\""u8) < 0)
        {
            return null;
        }

        HistoryEntry? entry = null;
        TranscriptLine.Read(line, read => entry = Read(read));
        return entry;
    }

    private static HistoryEntry? Read(JsonElement line)
    {
        if (line.Text("type") is not ("user" or "assistant") || line.Flag("isSidechain") || line.Flag("isMeta") || line.Member("message") is not { } message)
        {
            return null;
        }

        var text = MessageContent.TextOf(message) ?? string.Empty;
        var tools = MessageContent.ToolsOf(message);
        return text.Length == 0 && tools.Count == 0
            ? null
            : new HistoryEntry
            {
                Role = line.Text("type")!,
                Text = text,
                Tools = tools,
                MessageId = line.Text("uuid"),
                At = DateTimeOffset.TryParse(line.Text("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
            };
    }
}
