using System.Diagnostics;
using System.Globalization;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>A session host in a process of its own, to be killed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, Uri url)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = url };
        Http.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, RunningHost.HostKey);
    }

    public HttpClient Http { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HostProcess> StartAsync(string hostId, IReadOnlyDictionary<string, string> settings, IHostStore hosts)
    {
        var started = TimeProvider.System.GetUtcNow();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FunctionsBroker.SessionHost.dll"));
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add("http://127.0.0.1:0");
        start.Environment["Host__HostId"] = hostId;
        start.Environment["Host__HostKey"] = RunningHost.HostKey;
        start.Environment["Host__CallbackKey"] = RunningHost.CallbackKey;
        start.Environment["Host__ClaudeBinary"] = RepositoryRoot.Combine("node_modules", ".bin", "claude");
        start.Environment["Host__Profiles__default__Tools"] = "";
        start.Environment["BROKER_PARENT_WATCH"] = "1";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        HostRecord? row = null;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                Assert.False(process.HasExited);
                row = (await hosts.ListAsync(Cancellation)).FirstOrDefault(host => host.HostId == hostId && host.StartedAt >= started);
                return row is not null;
            },
            Cancellation);
        return new HostProcess(process, row!.Url);
    }

    /// <summary>Lets it do nothing until <see cref="Thaw"/>; its own processes go on.</summary>
    public void Freeze() => Signals.Stop(_process.Id);

    public void Thaw() => Signals.Continue(_process.Id);

    /// <summary>Ends it as a crash would: nothing is cleaned up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancellation);
    }

    /// <summary>Ends it while nobody is there to see it: as when the system kills both.</summary>
    public async Task KillWithoutGuardianAsync()
    {
        var guardian = FindGuardian() ?? throw new InvalidOperationException("There is no guardian.");
        Signals.Stop(guardian);
        await KillAsync();
        Signals.Kill(guardian);
    }

    /// <summary>Kills the guardian and waits for the next one.</summary>
    public async Task ReplaceGuardianAsync()
    {
        var guardian = FindGuardian() ?? throw new InvalidOperationException("There is no guardian.");
        Signals.Kill(guardian);
        await Eventually.BecomesTrueAsync(() => FindGuardian() is { } next && next != guardian, Cancellation);
    }

    /// <summary>The process id of the shell that guards the host's processes.</summary>
    public int? FindGuardian()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "status")).Contains($"\nPPid:\t{_process.Id}\n", StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(ProcessGuardian.Name, StringComparison.Ordinal))
                {
                    return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return null;
    }

    /// <summary>Closes its stdin, as the end of its parent would.</summary>
    public async Task<int> AbandonAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(Cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            await AbandonAsync();
        }

        _process.Dispose();
    }
}
