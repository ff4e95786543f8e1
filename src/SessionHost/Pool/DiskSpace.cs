using System.IO.Enumeration;
using FunctionsBroker.SessionHost.Options;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>How much room there is on the host's disk, and how much of it something takes.</summary>
internal sealed class DiskSpace(SessionHostOptions options)
{
    private const long Mebibyte = 1024 * 1024;

    // errno(3) on Linux: no space left on device, quota exceeded.
    private const int Enospc = 28;
    private const int Edquot = 122;

    private static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Whether less is free than a host needs that takes turns.</summary>
    public bool IsLow => Free < options.MinFreeDiskMb * Mebibyte;

    /// <summary>What is free where the sessions' files are, in bytes.</summary>
    public long Free => new DriveInfo(Path.GetFullPath(options.WorkPath)).AvailableFreeSpace;

    /// <summary>Whether something failed because the disk is full.</summary>
    public static bool IsFull(Exception exception) => exception is IOException { HResult: Enospc or Edquot };

    /// <summary>How long the files of a folder are together, in bytes. Links are not followed, and what cannot be read counts for nothing.</summary>
    public static long SizeOf(string folder) =>
        !Directory.Exists(folder)
            ? 0
            : new FileSystemEnumerable<long>(folder, (ref FileSystemEntry entry) => entry.IsDirectory ? 0 : entry.Length, s_all)
            {
                ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
                ShouldIncludePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
            }.Sum();
}
