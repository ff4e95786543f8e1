using System.Globalization;

namespace FunctionsBroker.TestKit.Running;

/// <summary>The worker of a Functions host: a process of its own, the child that runs the app.</summary>
public static class FunctionsWorker
{
    // An argument that every worker of .NET is started with.
    private const string Argument = "--functions-worker-id";

    /// <param name="hostPid">The host's process.</param>
    /// <returns>The worker's process id; null while there is none.</returns>
    public static int? Find(int hostPid)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && IsWorker(folder, hostPid))
            {
                return pid;
            }
        }

        return null;
    }

    private static bool IsWorker(string folder, int hostPid)
    {
        try
        {
            // See proc(5): the name, in parentheses, may hold anything; after it come the state and the parent.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is [not "Z", var parent, ..]
                && parent == hostPid.ToString(CultureInfo.InvariantCulture)
                && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0').Contains(Argument);
        }
        catch (IOException)
        {
            // A process that has ended meanwhile is no worker.
            return false;
        }
    }
}
