using System.Globalization;

namespace FunctionsBroker.ClaudeCode.Processes;

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
