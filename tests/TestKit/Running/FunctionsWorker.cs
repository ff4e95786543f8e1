using System.Globalization;

namespace FunctionsBroker.TestKit.Running;

/// <summary>The worker of a Functions host: a process of its own, the child that runs the app.</summary>
public static class FunctionsWorker
{
    // Of /proc/PID/stat after the command's name, see proc(5): the state, then the parent.
    private const int ParentIndex = 1;

    /// <param name="hostPid">The host's process.</param>
    /// <param name="app">The file name of the app's assembly.</param>
    /// <returns>The worker's process id; null while there is none.</returns>
    public static int? Find(int hostPid, string app = "FunctionsBroker.Functions.dll")
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && ParentOf(folder) == hostPid && Runs(folder, app))
            {
                return pid;
            }
        }

        return null;
    }

    private static int? ParentOf(string folder) => Read(folder, "stat") is { Length: > 0 } stat
        ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[ParentIndex], CultureInfo.InvariantCulture)
        : null;

    private static bool Runs(string folder, string app) =>
        Read(folder, "cmdline").Split('\0').Any(argument => argument.EndsWith(app, StringComparison.Ordinal));

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (IOException)
        {
            // The process has just ended.
            return "";
        }
    }
}
