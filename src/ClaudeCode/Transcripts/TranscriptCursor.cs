using System.Runtime.CompilerServices;
using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>A place in a transcript, from which only what was appended since is read: the cost does not depend on the file's length.</summary>
/// <remarks>
/// Only complete lines are given out; one that is still being written comes with the next read. A file that has become
/// shorter, or another file under the same name, is read from its beginning. Not safe for concurrent use.
/// </remarks>
internal sealed class TranscriptCursor
{
    private readonly string _path;
    private ulong _file;

    private TranscriptCursor(string path, long offset)
    {
        _path = path;
        _file = FileIdentity.Of(path);
        Offset = offset;
    }

    /// <summary>Where the next read begins, in bytes: always the beginning of a line, or the end that the file had.</summary>
    public long Offset { get; private set; }

    /// <summary>The end of the file as it is now.</summary>
    public static TranscriptCursor Snapshot(string path) => new(path, new FileInfo(path) is { Exists: true } file ? file.Length : 0);

    /// <summary>A place that was noted before.</summary>
    public static TranscriptCursor At(string path, long offset) => new(path, offset);

    /// <summary>Reads the lines that were appended and moves behind them.</summary>
    public async IAsyncEnumerable<CliLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (FileIdentity.Of(_path) is not (> 0 and var current))
        {
            yield break;
        }

        await using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, useAsync: true);
        if (current != _file || file.Length < Offset)
        {
            _file = current;
            Offset = 0;
        }

        file.Position = Offset;
        var lines = new LineReader(file, CliProcess.MaxLineBytes);
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            var length = line.Bytes.Length + line.Dropped + 1;
            if (!line.Terminated)
            {
                // Still being written.
                yield break;
            }

            Offset += length;
            yield return line;
        }
    }
}
