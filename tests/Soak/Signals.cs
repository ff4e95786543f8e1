using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Soak;

/// <summary>Sends signals to the system's processes.</summary>
internal static class Signals
{
    /// <param name="signal">Its name without <c>SIG</c>.</param>
    /// <returns>False when there is no such process any more.</returns>
    public static async Task<bool> SendAsync(string signal, int pid)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-" + signal, pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync(CancellationToken.None);
        return kill.ExitCode == 0;
    }
}
