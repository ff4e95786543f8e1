using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Gives folders to a user.</summary>
internal static partial class FileOwner
{
    // Links are neither followed nor given away: a session could have put one that leads out of its folder.
    private static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>Gives a folder away, and all that is in it.</summary>
    /// <exception cref="Win32Exception">This process may not.</exception>
    public static void Set(string folder, int user, bool alsoContent)
    {
        Change(folder, user);
        foreach (var path in alsoContent ? Directory.EnumerateFileSystemEntries(folder, "*", s_all) : Directory.EnumerateFileSystemEntries(folder))
        {
            Change(path, user);
        }
    }

    private static void Change(string path, int user)
    {
        if (lchown(path, user, user) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"'{path}' could not be given to the user {user}");
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, int owner, int group);
}
