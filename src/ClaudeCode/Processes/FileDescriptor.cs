using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Opens what the runtime opens in other ways only: open(2), Linux.</summary>
internal static partial class FileDescriptor
{
    /// <summary>O_CLOEXEC: no child has it.</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>O_PATH: for its place only, not for what is in it.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>O_NONBLOCK: without waiting for the other end of a pipe.</summary>
    public const int NonBlocking = 0x800;

    /// <returns>An invalid handle where it cannot be opened; <see cref="Marshal.GetLastPInvokeErrorMessage"/> says why.</returns>
    public static SafeFileHandle Open(string path, int flags) => open(path, flags);

    /// <summary>A link to what is open, wherever its path leads by now.</summary>
    public static string LinkTo(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);
}
