namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>A link to a session's transcript at a place that an operator has chosen, for programs that read it there.</summary>
internal static class TranscriptLink
{
    /// <summary>Puts the link there, or points it at another transcript.</summary>
    /// <exception cref="IOException">Something that is no link is there, or the folder cannot be written.</exception>
    public static void Point(string link, Transcript transcript)
    {
        var path = Path.GetFullPath(link);
        var there = new FileInfo(path);
        if (there.LinkTarget == transcript.Path)
        {
            return;
        }

        if (there.LinkTarget is null && Path.Exists(path))
        {
            throw new IOException($"'{path}' is there already and is no link.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // Renamed into place, so that a reader always finds one.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        File.CreateSymbolicLink(temporary, transcript.Path);
        File.Move(temporary, path, overwrite: true);
    }
}
