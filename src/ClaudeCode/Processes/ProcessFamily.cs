using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Signals to a process and to what it has started.</summary>
/// <remarks>
/// The process leads a group of its own, but a group is not enough: the CLI runs every Bash tool in a session, and so
/// in a group, of the tool's own. Descendants are therefore also found by the mark in their environment, which holds
/// when the parent is long gone and they belong to init.
/// </remarks>
internal static partial class ProcessFamily
{
    /// <summary>The environment variable that carries <see cref="ProcessIdentity.Mark"/>.</summary>
    public const string MarkVariable = "FUNCTIONS_BROKER_PROCESS";

    private const int MaxSweeps = 5;

    /// <summary>Signals the process's own group.</summary>
    public static bool SignalGroup(int pid, ProcessSignal signal) => kill(-pid, (int)signal) == 0;

    /// <summary>Ends the process, its group, and every descendant that left the group.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public static bool Kill(ProcessIdentity identity)
    {
        // Once the leader is gone its id may be a stranger's; what it has left behind is known by the mark alone.
        var any = identity.IsAlive() && kill(identity.Pid, (int)ProcessSignal.Kill) == 0;
        if (any)
        {
            SignalGroup(identity.Pid, ProcessSignal.Kill);
        }

        // A descendant may be forking while it is looked for.
        for (var sweep = 0; sweep < MaxSweeps && KillMarked(identity.Mark); sweep++)
        {
            any = true;
        }

        return any;
    }

    /// <summary>The living processes that carry the mark.</summary>
    public static IEnumerable<int> FindMarked(string mark)
    {
        var wanted = Encoding.UTF8.GetBytes($"{MarkVariable}={mark}\0");
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && Carries(directory, wanted))
            {
                yield return pid;
            }
        }
    }

    private static bool KillMarked(string mark)
    {
        var any = false;
        foreach (var pid in FindMarked(mark))
        {
            any |= kill(pid, (int)ProcessSignal.Kill) == 0;
        }

        return any;
    }

    private static bool Carries(string processDirectory, byte[] variable)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(processDirectory, "environ")).AsSpan().IndexOf(variable) >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or belongs to another user and so cannot be a descendant.
            return false;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
