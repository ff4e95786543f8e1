using System.Diagnostics;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>Starts programs as the image would: a read-only root, one folder to write to, nothing of the test's environment.</summary>
/// <param name="app">What is in <c>/app</c>.</param>
/// <param name="claude">The CLI.</param>
/// <param name="readable">One more file to read, at its own path.</param>
internal sealed class Sandbox(string app, string claude, string readable)
{
    private const string UserId = "10001";

    private static readonly string s_dotnet = Path.GetDirectoryName(
        new FileInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : FindOnPath("dotnet")).ResolveLinkTarget(true)?.FullName ?? FindOnPath("dotnet"))!;

    /// <summary>Starts a program as the image's user.</summary>
    public Process Start(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var start = new ProcessStartInfo("bwrap") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            "--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--ro-bind", "/etc", "/etc", "--dev", "/dev", "--proc", "/proc",
            // Made beforehand, because folders that bwrap makes on the way to a mount are closed to others.
            "--dir", "/opt", "--dir", "/opt/bin", "--dir", "/mnt", "--dir", Path.GetDirectoryName(readable)!,
            "--ro-bind", app, "/app", "--ro-bind", s_dotnet, "/opt/dotnet", "--ro-bind", claude, "/opt/bin/claude", "--ro-bind", readable, readable,
            "--perms", "1777", "--tmpfs", "/mnt/work", "--remount-ro", "/",
            "--unshare-pid", "--die-with-parent", "--chdir", "/app", "--clearenv",
            "--setenv", "PATH", "/opt/bin:/opt/dotnet:/usr/bin:/bin", "--setenv", "DOTNET_ROOT", "/opt/dotnet",
            .. environment.SelectMany(variable => (string[])["--setenv", variable.Key, variable.Value]),
            .. AsUser(),
            .. command,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    // Root becomes the user; anybody else takes the user's id on in a namespace of their own.
    private static string[] AsUser() => Environment.IsPrivilegedProcess
        ? ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "setpriv", "--reuid", UserId, "--regid", UserId, "--clear-groups", "--bounding-set", "-all"]
        : ["--unshare-user", "--uid", UserId, "--gid", UserId];

    private static string FindOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
