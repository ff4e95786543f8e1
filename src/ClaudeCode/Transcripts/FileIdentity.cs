using System.Runtime.InteropServices;

namespace FunctionsBroker.ClaudeCode.Transcripts;

/// <summary>Tells one file from another that has taken its name.</summary>
/// <remarks>By <c>statx</c>, whose record is the same on every architecture (Linux 4.11 and later).</remarks>
internal static partial class FileIdentity
{
    private const int CurrentFolder = -100;
    private const uint InodeMask = 0x100;
    private const int RecordBytes = 256;
    private const int InodeOffset = 32;

    /// <returns>The file's inode; 0 when there is no such file.</returns>
    public static unsafe ulong Of(string path)
    {
        var record = stackalloc byte[RecordBytes];
        return statx(CurrentFolder, path, 0, InodeMask, record) == 0 ? *(ulong*)(record + InodeOffset) : 0;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* record);
}
