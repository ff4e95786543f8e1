using System.Diagnostics;

namespace FunctionsBroker.TestKit;

/// <summary>Writes programs that tests start at once.</summary>
public static class ExecutableScript
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Writes a script that can be run.</summary>
    /// <remarks>
    /// A process that another thread starts meanwhile has, for a moment, a copy of each file that this process has open, and a
    /// file that somebody writes to cannot be run ("Text file busy"). So another process writes it.
    /// </remarks>
    public static void Write(string path, string text)
    {
        var draft = path + ".draft";
        File.WriteAllText(draft, text);
        using (var copy = Process.Start("cp", ["--", draft, path]))
        {
            copy.WaitForExit();
            if (copy.ExitCode != 0)
            {
                throw new IOException($"cp ended with code {copy.ExitCode}.");
            }
        }

        File.Delete(draft);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Mode);
        }
    }
}
