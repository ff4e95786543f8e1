using System.Runtime.InteropServices;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>The mode of the files that this process, and those that it starts, will make.</summary>
public static partial class FileMask
{
    private const uint EverybodyElse = 0b000_111_111;

    /// <summary>From now on, new files and folders are open to their owner only.</summary>
    public static void SetOwnerOnly() => _ = umask(EverybodyElse);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}
