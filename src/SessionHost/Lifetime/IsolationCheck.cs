using System.ComponentModel;
using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Options;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Closes what the host writes to other users, ends the start of a host that could not keep its sessions apart in the way that its settings ask for, and says what each profile reaches.</summary>
internal sealed partial class IsolationCheck(SessionHostOptions options, ILogger<IsolationCheck> logger) : IHostedService
{
    private const UnixFileMode Pass = UnixFileMode.OtherExecute;
    private const UnixFileMode List = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="OptionsValidationException">Something is missing; every fault is named.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        FileMask.SetOwnerOnly();
        List<string> faults = [];
        if (options.Profiles.Any(profile => profile.Value.Sandbox == SandboxMode.Bubblewrap)
            && await WhyNoSandboxAsync(cancellationToken) is { } reason)
        {
            faults.Add($"A profile has the sandbox 'bubblewrap', which does not work here: {reason}");
        }

        if (options.SessionUids is not null)
        {
            faults.AddRange(CheckUsers());
        }

        if (faults.Count > 0)
        {
            throw new OptionsValidationException(SessionHostOptions.SectionName, typeof(SessionHostOptions), faults);
        }

        foreach (var (name, profile) in options.Profiles)
        {
            Tell(name, ProfileReach.Of(profile.ToProfile(), options.SessionUids is not null));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<string?> WhyNoSandboxAsync(CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo("bwrap", ["--unshare-user-try", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(start);
            if (process is null)
            {
                return "it was not started.";
            }

            var said = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"{said.Trim()} (user namespaces may be switched off).";
        }
        catch (Win32Exception)
        {
            return "bwrap is not installed (Debian and Ubuntu: the package bubblewrap).";
        }
    }

    private void Tell(string profile, ProfileReach reach)
    {
        if (reach.IsOpen)
        {
            LogOpen(profile, reach.Text);
        }
        else
        {
            LogHeld(profile, reach.Text);
        }
    }

    private IEnumerable<string> CheckUsers()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            yield return "Host:SessionUids needs a host that runs as root.";
            yield break;
        }

        foreach (var root in (string[])[options.WorkPath, SessionFolders.RootOf(options.WorkPath)])
        {
            var folder = Directory.CreateDirectory(root);
            folder.UnixFileMode = (folder.UnixFileMode | Pass) & ~List;
            for (var parent = folder.Parent; parent is not null; parent = parent.Parent)
            {
                if (!parent.UnixFileMode.HasFlag(Pass))
                {
                    yield return $"Host:SessionUids needs folders that others may pass through; '{parent.FullName}' is closed to them.";
                }
            }
        }
    }

    [LoggerMessage(EventIds.ProfileHeld, LogLevel.Information, "Who may use the profile {Profile} reaches: {Reach}")]
    private partial void LogHeld(string profile, string reach);

    [LoggerMessage(EventIds.ProfileOpen, LogLevel.Warning, "Who may use the profile {Profile} reaches: {Reach}")]
    private partial void LogOpen(string profile, string reach);
}
