namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Names one run of a process on one run of one machine: a process id alone is used again by others.</summary>
/// <param name="BootId">The machine's <c>/proc/sys/kernel/random/boot_id</c>.</param>
/// <param name="Pid">The process id, which is also its group's.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot: field 22 of <c>/proc/PID/stat</c>.</param>
/// <param name="Mark">The value that it and all its descendants carry in their environment.</param>
public sealed record ProcessIdentity(string BootId, int Pid, long StartTicks, string Mark)
{
    private const int MaxLooks = 250;
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly Lazy<string> s_bootId = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    /// <summary>Whether exactly this process is alive on this machine.</summary>
    public bool IsAlive() => BootId == s_bootId.Value && ProcessStat.Read(Pid)?.StartTicks == StartTicks;

    /// <summary>Ends the process with everything that it has started, at once.</summary>
    /// <returns>Whether there was anything to end.</returns>
    public bool Kill() => BootId == s_bootId.Value && ProcessFamily.Kill(this);

    /// <summary>Ends the process with everything that it has started, and waits until it is gone.</summary>
    /// <remarks>What was killed is gone when it has had the processor once more, which takes its time on a busy machine.</remarks>
    /// <returns>Whether there was anything to end.</returns>
    public async Task<bool> EndAsync(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);

        var looks = 0;
        while (looks < MaxLooks && Kill())
        {
            looks++;
            await Task.Delay(s_betweenLooks, time, CancellationToken.None);
        }

        return looks > 0;
    }

    internal static ProcessIdentity Of(int pid, string mark) => new(s_bootId.Value, pid, ProcessStat.Read(pid)?.StartTicks ?? 0, mark);
}
