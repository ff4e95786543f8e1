using System.Runtime.InteropServices;

namespace FunctionsBroker.Cli.Processes;

/// <summary>Signals to processes and process groups. A part is the leader of its own group, so its id names both.</summary>
internal static partial class ProcessGroup
{
    private const int Terminate = 15;
    private const int KillNow = 9;

    /// <summary>Asks the leader to stop. Its children are its own to stop.</summary>
    public static void TerminateLeader(int id) => _ = Signal(id, Terminate);

    /// <summary>Kills every process of the group, also when the leader is gone.</summary>
    public static void Kill(int id) => _ = Signal(-id, KillNow);

    // The only failures are that nothing is left to signal and that the id has gone to somebody else's process;
    // either way there is nothing of ours to do.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int id, int signal);
}
