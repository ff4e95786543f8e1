using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>The file in which the CLI keeps a conversation. Its format is the CLI's own affair; only what a lost answer needs is read.</summary>
public sealed record Transcript(string Path)
{
    /// <summary>Whether there is a conversation to resume. The file appears 0.1 to 0.2 s after the first user line.</summary>
    public bool Exists => File.Exists(Path);

    /// <summary>The file's length in bytes; 0 while there is none.</summary>
    public long Length => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Reads what the user and the model have said.</summary>
    /// <param name="without">The ids of user lines that are left out, with all that followed from them.</param>
    internal async Task<IReadOnlyList<TranscriptText>> ReadTextsAsync(IReadOnlySet<Guid> without, CancellationToken cancellationToken)
    {
        var history = new TextHistory(without);
        await ReadAsync(0, history.Accept, cancellationToken);
        return history.Texts;
    }

    /// <summary>Looks for what has become of a user line.</summary>
    /// <param name="from">Where to begin, in bytes: a place at which the line was not there yet.</param>
    internal async Task<TurnTrace> TraceAsync(Guid messageId, long from, CancellationToken cancellationToken)
    {
        var search = new AnswerSearch(messageId);
        await ReadAsync(from, search.Accept, cancellationToken);
        return new TurnTrace(search.Seen, search.ToolsUsed, search.Failed, search.Answer);
    }

    private async Task ReadAsync(long from, Action<CliLine> accept, CancellationToken cancellationToken)
    {
        await foreach (var line in TranscriptCursor.At(Path, from).ReadAsync(cancellationToken))
        {
            accept(line);
        }
    }
}
