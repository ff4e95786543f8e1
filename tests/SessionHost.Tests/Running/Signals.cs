using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>Signals by process id.</summary>
internal static class Signals
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    public static void Kill(int pid) => Send(pid, SigKill);

    public static void Stop(int pid) => Send(pid, SigStop);

    public static void Continue(int pid) => Send(pid, SigContinue);

    private static void Send(int pid, int signal)
    {
        if (kill(pid, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
