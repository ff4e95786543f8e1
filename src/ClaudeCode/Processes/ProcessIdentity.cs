namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Names one run of a process on one run of one machine: a process id alone is used again by others.</summary>
/// <param name="BootId">The machine's <c>/proc/sys/kernel/random/boot_id</c>.</param>
/// <param name="Pid">The process id, which is also its group's.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: field 22 of <c>/proc/PID/stat</c>.</param>
/// <param name="Mark">The value that it and all its descendants carry in their environment.</param>
public sealed record ProcessIdentity(string BootId, int Pid, long StartTicks, string Mark)
{
    private static readonly Lazy<string> s_bootId = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>Whether exactly this process is alive on this machine.</summary>
    public bool IsAlive() => BootId == s_bootId.Value && ProcessStat.Read(Pid)?.StartTicks == StartTicks;

    /// <summary>Ends the process with everything that it has started, at once.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public bool Kill() => BootId == s_bootId.Value && ProcessFamily.Kill(this);

    internal static ProcessIdentity Of(int pid, string mark) => new(s_bootId.Value, pid, ProcessStat.Read(pid)?.StartTicks ?? 0, mark);
}
