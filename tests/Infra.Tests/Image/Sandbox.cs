using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Infra.Tests.Image;

/// <summary>Starts programs as the image would: a read-only root, two folders to write to, nothing of the test's environment.</summary>
/// <param name="app">What is in <c>/app</c>.</param>
/// <param name="claude">The CLI.</param>
/// <param name="readable">One more file to read, at its own path.</param>
/// <param name="sessions">What is at <c>/mnt/sessions</c>.</param>
/// <param name="work">What is at <c>/mnt/work</c>.</param>
internal sealed class Sandbox(string app, string claude, string readable, string sessions, string work)
{
    public const int UserId = 10001;

    private static readonly string s_dotnet = Path.GetDirectoryName(
        new FileInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : FindOnPath("dotnet")).ResolveLinkTarget(true)?.FullName ?? FindOnPath("dotnet"))!;

    /// <summary>Starts a program as the image's user.</summary>
    public Process Start(IReadOnlyDictionary<string, string> environment, params string[] command) => Start(environment, UserId, command);

    /// <summary>Starts a program as root, for what an init container does.</summary>
    public Process StartAsRoot(params string[] command) => Start(new Dictionary<string, string>(), 0, command);

    private Process Start(IReadOnlyDictionary<string, string> environment, int user, string[] command)
    {
        var start = new ProcessStartInfo("bwrap") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            "--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--ro-bind", "/etc", "/etc", "--dev", "/dev", "--proc", "/proc",
            // Made beforehand, because folders that bwrap makes on the way to a mount are closed to others.
            "--dir", "/opt", "--dir", "/opt/bin", "--dir", "/mnt", "--dir", Path.GetDirectoryName(readable)!,
            "--ro-bind", app, "/app", "--ro-bind", s_dotnet, "/opt/dotnet", "--ro-bind", claude, "/opt/bin/claude", "--ro-bind", readable, readable,
            "--bind", sessions, "/mnt/sessions", "--bind", work, "/mnt/work", "--remount-ro", "/",
            "--unshare-pid", "--die-with-parent", "--chdir", "/app", "--clearenv",
            "--setenv", "PATH", "/opt/bin:/opt/dotnet:/usr/bin:/bin", "--setenv", "DOTNET_ROOT", "/opt/dotnet",
            .. environment.SelectMany(variable => (string[])["--setenv", variable.Key, variable.Value]),
            .. AsUser(user),
            .. command,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    // Root becomes the user; anybody else takes the user's id on in a namespace of their own.
    private static string[] AsUser(int user)
    {
        var id = user.ToString(CultureInfo.InvariantCulture);
        if (!Environment.IsPrivilegedProcess)
        {
            return ["--unshare-user", "--uid", id, "--gid", id];
        }

        return user == 0
            ? ["--cap-add", "CAP_CHOWN"]
            : ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--bounding-set", "-all"];
    }

    private static string FindOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
