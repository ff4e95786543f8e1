namespace FunctionsBroker.SessionHost.Conversations;

/// <summary>Reads a transcript that the CLI may be writing to.</summary>
internal static class TranscriptFile
{
    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Where the last whole line ends that begins before <paramref name="length"/>: nobody is to resume from half a line.</summary>
    public static async Task<long> EndOfLineAsync(FileStream file, long length, CancellationToken cancellationToken)
    {
        var piece = new byte[4096];
        for (var end = length; end > 0;)
        {
            var start = Math.Max(0, end - piece.Length);
            var read = piece.AsMemory(0, (int)(end - start));
            file.Position = start;
            await file.ReadExactlyAsync(read, cancellationToken);
            if (read.Span.LastIndexOf((byte)'\n') is >= 0 and var last)
            {
                return start + last + 1;
            }

            end = start;
        }

        return 0;
    }

    /// <summary>Whether it is a file, with no link on the way: a process with tools could have put one there, and have the host show it what only the host may read.</summary>
    /// <param name="root">Where the way begins.</param>
    public static bool IsPlain(string path, string root)
    {
        for (var part = path; part.Length > root.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                return false;
            }
        }

        // A pipe is empty, and whoever opens one waits.
        return new FileInfo(path) is { Exists: true, Length: > 0 };
    }
}
