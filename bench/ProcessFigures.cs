using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>What the kernel says of a process, without its children.</summary>
internal static class ProcessFigures
{
    private const int TicksPerSecond = 100;

    /// <summary>The processor time that it has used, in milliseconds; counted in steps of ten.</summary>
    public static double ReadCpuMs(int pid)
    {
        // The name, in brackets, may hold spaces; what follows it does not. Fields 14 and 15 of proc(5) are utime and stime.
        var text = File.ReadAllText($"/proc/{pid}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return ticks * 1000.0 / TicksPerSecond;
    }

    /// <summary>What it holds that is its own: no code, no shared pages.</summary>
    public static long ReadPrivateBytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
