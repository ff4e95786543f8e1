using System.Globalization;

namespace FunctionsBroker.Cli.Processes;

/// <summary>A process id together with when it started (clock ticks since boot), because ids are used again.</summary>
internal sealed record ProcessIdentity(int Pid, long StartTicks)
{
    // Fields of /proc/PID/stat after the command name, see proc(5): state is the third, starttime the twenty-second.
    private const int StateIndex = 0;
    private const int StartTimeIndex = 19;

    /// <summary>The identity of a running process; null when there is none of this id, or only its remains.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            // No such process, or it ended while it was being read.
            return null;
        }

        // The command name is in parentheses and may hold any character.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[StateIndex] is "Z" or "X"
            ? null
            : new ProcessIdentity(pid, long.Parse(fields[StartTimeIndex], CultureInfo.InvariantCulture));
    }

    public bool IsRunning() => Of(Pid) == this;
}
