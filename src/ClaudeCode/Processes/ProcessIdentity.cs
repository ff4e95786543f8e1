using System.Globalization;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Names one run of a process on one run of one machine: a process id alone is used again by others.</summary>
/// <param name="BootId">The machine's <c>/proc/sys/kernel/random/boot_id</c>.</param>
/// <param name="Pid">The process id, which is also its group's.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: field 22 of <c>/proc/PID/stat</c>.</param>
/// <param name="Mark">The value that it and all its descendants carry in their environment.</param>
public sealed record ProcessIdentity(string BootId, int Pid, long StartTicks, string Mark)
{
    private const int StartTicksField = 22;
    private const int FirstFieldAfterName = 3;
    private static readonly Lazy<string> s_bootId = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>Whether exactly this process is alive on this machine.</summary>
    public bool IsAlive() => BootId == s_bootId.Value && ReadStartTicks(Pid) == StartTicks;

    /// <summary>Ends the process with everything that it has started, at once.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public bool Kill() => BootId == s_bootId.Value && ProcessFamily.Kill(this);

    internal static ProcessIdentity Of(int pid, string mark) => new(s_bootId.Value, pid, ReadStartTicks(pid) ?? 0, mark);

    private static long? ReadStartTicks(int pid)
    {
        try
        {
            // The name, field 2, is in parentheses and may hold spaces and parentheses itself.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : long.Parse(fields[StartTicksField - FirstFieldAfterName], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // No such process: its directory is gone, or went while it was read.
            return null;
        }
    }
}
