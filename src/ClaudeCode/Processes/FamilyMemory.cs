using System.Globalization;
using System.Text;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>What the processes of this run of the host hold in memory, each with all that it has started.</summary>
public static class FamilyMemory
{
    private static readonly byte[] s_variable = Encoding.UTF8.GetBytes($"{ProcessFamily.MarkVariable}={ProcessFamily.RunMark}");

    /// <summary>Resident bytes by <see cref="ProcessIdentity.Mark"/>. Pages that processes share are counted for each of them.</summary>
    public static IReadOnlyDictionary<string, long> Read()
    {
        Dictionary<string, long> families = new(StringComparer.Ordinal);
        foreach (var pid in ProcessFamily.Pids())
        {
            if (FindMark(pid) is { } mark)
            {
                families[mark] = families.GetValueOrDefault(mark) + (ResidentMemory.Read(pid) ?? 0);
            }
        }

        return families;
    }

    private static string? FindMark(int pid)
    {
        var environment = ProcessFamily.ReadEnvironment(pid).AsSpan();
        var at = environment.IndexOf(s_variable);
        if (at < 0)
        {
            return null;
        }

        var mark = environment[(at + ProcessFamily.MarkVariable.Length + 1)..];
        var end = mark.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? mark : mark[..end]);
    }
}

/// <summary>What a process holds in memory.</summary>
internal static class ResidentMemory
{
    private const int ResidentPagesField = 1;

    /// <returns>Bytes; null when there is no such process.</returns>
    public static long? Read(int pid)
    {
        try
        {
            var statm = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/statm"));
            return long.Parse(statm.Split(' ')[ResidentPagesField], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            // No such process: its directory is gone, or went while it was read.
            return null;
        }
    }
}
