using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Local.Functions.Tests.Harness;

/// <summary>The app of <c>tests/FunctionsApp</c> in a process of its own, over a folder that the test fills.</summary>
internal sealed partial class AppProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private AppProcess(Process process)
    {
        _process = process;
        _reading = ReadOutputAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it wrote to its standard output, logs included.</summary>
    public IReadOnlyCollection<string> Output => _output;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="folder">Holds host.json and local.settings.json, if there are any.</param>
    /// <param name="settings">Environment variables.</param>
    public static AppProcess Start(TempDirectory folder, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "FunctionsBroker.FunctionsApp.dll"));
        start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        start.ArgumentList.Add($"--contentRoot={folder.Path}");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new AppProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it serves; returns where.</summary>
    public async Task<Uri> StartedAsync()
    {
        Match? listening = null;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                Assert.False(_process.HasExited);
                listening = _output.Select(line => Listening().Match(line)).FirstOrDefault(match => match.Success);
                return listening is not null;
            },
            Cancellation);
        return new Uri(listening!.Groups["url"].Value);
    }

    /// <summary>Waits for a line of its output; returns it.</summary>
    public async Task<string> SaidAsync(string beginning)
    {
        string? said = null;
        await Eventually.BecomesTrueAsync(
            () => (said = _output.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal))) is not null, Cancellation);
        return said!;
    }

    /// <summary>Asks it to stop, as a platform does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancellation);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code and what it wrote to standard error.</returns>
    public async Task<(int Code, string Errors)> ExitedAsync()
    {
        await _process.WaitForExitAsync(Cancellation);
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        await _errors;
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
        }
    }

    [GeneratedRegex("Now listening on: (?<url>http://[0-9.:]+)")]
    private static partial Regex Listening();
}
