using System.Globalization;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>What <c>/proc/PID/stat</c> says of a process.</summary>
/// <param name="Session">The session's id, which is its leader's process id.</param>
/// <param name="Terminal">The controlling terminal's number; 0 without one.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot.</param>
internal readonly record struct ProcessStat(int Session, int Terminal, long StartTicks)
{
    private const int FirstFieldAfterName = 3;
    private const int SessionField = 6;
    private const int TerminalField = 7;
    private const int StartTicksField = 22;

    /// <returns>Null when there is no such process, or only what its parent has not read of it yet.</returns>
    public static ProcessStat? Read(int pid)
    {
        try
        {
            // The name, field 2, is in parentheses and may hold spaces and parentheses itself.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : new ProcessStat(
                int.Parse(fields[SessionField - FirstFieldAfterName], CultureInfo.InvariantCulture),
                int.Parse(fields[TerminalField - FirstFieldAfterName], CultureInfo.InvariantCulture),
                long.Parse(fields[StartTicksField - FirstFieldAfterName], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // No such process: its directory is gone, or went while it was read.
            return null;
        }
    }
}
