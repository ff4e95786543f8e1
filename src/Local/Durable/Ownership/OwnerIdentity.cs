using System.Globalization;

namespace FunctionsBroker.Local.Durable.Ownership;

/// <summary>A process, told apart from any other on any machine at any time.</summary>
/// <param name="Machine">Name and boot id. A container has its own name, and so does not judge another's processes.</param>
/// <param name="ProcessStart">When the process started, in the system's own unit; empty where the system does not say.</param>
internal sealed record OwnerIdentity(string Machine, int ProcessId, string ProcessStart)
{
    public static OwnerIdentity Current { get; } = new(ThisMachine(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? string.Empty);

    /// <summary>Whether it is certain that this process has ended.</summary>
    public bool IsDead => OperatingSystem.IsLinux()
        && ProcessStart.Length > 0
        && Machine == Current.Machine
        && StartOf(ProcessId) != ProcessStart;

    private static string ThisMachine()
    {
        const string BootId = "/proc/sys/kernel/random/boot_id";
        return $"{Environment.MachineName}/{(File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : string.Empty)}";
    }

    // Field 22 of /proc/PID/stat. A process id may be used again; together with the start it is not.
    private static string? StartOf(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));

            // The second field is the program's name in parentheses and may hold anything.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            bool isZombie = fields[0] is "Z" or "X";
            return isZombie ? null : fields[19];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
