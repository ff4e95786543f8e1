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

    /// <summary>How the marks of all processes begin that this run of the host has started.</summary>
    public static string RunMark { get; } = Guid.NewGuid().ToString("N");

    public static string NewMark() => $"{RunMark}-{Guid.NewGuid():N}";

    /// <summary>Signals the process's own group.</summary>
    public static bool SignalGroup(int pid, ProcessSignal signal) => kill(-pid, (int)signal) == 0;

    /// <summary>Signals one process.</summary>
    public static bool Signal(int pid, ProcessSignal signal) => kill(pid, (int)signal) == 0;

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
        return Pids().Where(pid => Carries(pid, wanted));
    }

    /// <summary>The living process that carries the mark and leads the session of a terminal: the program that runs in it.</summary>
    public static int? FindTerminalLeader(string mark)
    {
        foreach (var pid in FindMarked(mark))
        {
            if (ProcessStat.Read(pid) is { } stat && stat.Session == pid && stat.Terminal != 0)
            {
                return pid;
            }
        }

        return null;
    }

    internal static IEnumerable<int> Pids()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                yield return pid;
            }
        }
    }

    /// <summary>Ends all processes of a user, whoever has started them.</summary>
    public static void KillOwnedBy(int user)
    {
        for (var sweep = 0; sweep < MaxSweeps && KillAll(FindOwnedBy(user)); sweep++)
        {
        }
    }

    private static IEnumerable<int> FindOwnedBy(int user)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"\nUid:\t{user}\t");
        return Pids().Where(pid => ReadStatus(pid).Contains(wanted, StringComparison.Ordinal));
    }

    private static string ReadStatus(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"));
        }
        catch (IOException)
        {
            // It has just ended.
            return string.Empty;
        }
    }

    private static bool KillMarked(string mark) => KillAll(FindMarked(mark));

    private static bool KillAll(IEnumerable<int> pids)
    {
        var any = false;
        foreach (var pid in pids)
        {
            any |= kill(pid, (int)ProcessSignal.Kill) == 0;
        }

        return any;
    }

    private static bool Carries(int pid, byte[] variable) => ReadEnvironment(pid).AsSpan().IndexOf(variable) >= 0;

    /// <returns>The variables, each with its NUL; nothing for a process that has ended or is another user's, and so no descendant.</returns>
    internal static byte[] ReadEnvironment(int pid)
    {
        try
        {
            return File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}

/// <summary>Signals by their Linux numbers.</summary>
internal enum ProcessSignal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
