using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Wraps a process so that it sees its session's folders and the system's programs, and nothing else of the machine.</summary>
/// <remarks>
/// By bubblewrap, as root or not: mount, process, IPC and user namespaces of its own, no capabilities, the network as it
/// is. The first process of the namespace dies with the host, and with it all others, also those that hide from the
/// group and from the mark.
/// </remarks>
internal static class Sandbox
{
    public const string Program = "bwrap";

    private static readonly string[] s_system =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
        "/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf", "/etc/ssl", "/etc/pki", "/etc/crypto-policies",
        "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/host.conf", "/etc/services", "/etc/protocols",
        "/etc/passwd", "/etc/group", "/etc/localtime", "/etc/timezone", "/etc/locale.alias", "/etc/mime.types", "/etc/gitconfig",
    ];

    /// <summary>Variables whose values are files that the process has to read.</summary>
    private static readonly string[] s_fileVariables =
        ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"];

    /// <param name="alsoPrograms">The full paths of further programs that the process starts.</param>
    public static CliLaunch Wrap(CliLaunch launch, SessionFolders folders, ClaudeProfile profile, params IReadOnlyList<string> alsoPrograms)
    {
        var program = ProgramPath.Find(launch.FileName, launch.Environment);
        List<string> arguments =
        [
            "--die-with-parent",
            "--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--cap-drop", "ALL",
        ];
        AddReadOnly(arguments, s_system);
        arguments.AddRange(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
        AddReadOnly(arguments, s_fileVariables.Select(name => launch.Environment.GetValueOrDefault(name)).OfType<string>());
        AddReadOnly(arguments, [.. profile.McpConfigFiles, .. profile.SandboxPaths]);
        AddReadOnly(arguments, profile.Settings is { } settings && Path.IsPathRooted(settings) ? [settings] : []);
        foreach (var path in (string[])[program, .. alsoPrograms])
        {
            arguments.AddRange(["--ro-bind", ProgramPath.Resolve(path), path]);
        }

        arguments.AddRange(["--bind", folders.Config, folders.Config, "--bind", folders.Home, folders.Home]);
        arguments.AddRange(["--chdir", launch.WorkingDirectory, "--", program, .. launch.Arguments]);
        return launch with { FileName = Program, Arguments = arguments };
    }

    private static void AddReadOnly(List<string> arguments, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            arguments.AddRange(["--ro-bind-try", path, path]);
        }
    }
}

/// <summary>How a process is kept from what is not its session's.</summary>
public enum SandboxMode
{
    /// <summary>By the CLI's own permission rules and the modes of files.</summary>
    None,

    /// <summary>By mount and process namespaces of its own: it sees its session's folders and the system's programs, and nothing else.</summary>
    Bubblewrap,
}
