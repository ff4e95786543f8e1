using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace FunctionsBroker.CrashApp;

/// <summary>The end of this process by SIGKILL: nothing of it runs any more, not even what the runtime does at an exit.</summary>
internal static class Suicide
{
    [DoesNotReturn]
    public static void Commit()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        while (true)
        {
            // The signal is on its way.
        }
    }
}
