using System.Collections.Concurrent;
using System.Diagnostics;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>The app as a process of its own, on a port that was free.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private const string Project = "FunctionsBroker.Conformance.App";
    private const string Listening = "Now listening on: ";

    // Asks the app to end when the input ends: at disposal, and also when this process is killed.
    private const string Script = """
        exec 3<&0
        "$@" & app=$!
        (cat <&3 >/dev/null 2>&1; kill -TERM $app) >/dev/null 2>&1 &
        wait $app
        """;

    private readonly Process _process;
    private readonly TempDirectory _secrets;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private AppProcess(Process process, TempDirectory secrets)
    {
        _process = process;
        _secrets = secrets;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Where it answers.</summary>
    public string Url { get; private set; } = string.Empty;

    public static async Task<AppProcess> StartAsync(string storage, HostKeys keys)
    {
        var secrets = new TempDirectory();
        keys.WriteTo(secrets.Path);
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var folder = RepositoryRoot.Combine("artifacts", "bin", Project, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        string[] arguments = ["-c", Script, "sh", "dotnet", Path.Combine(folder, $"{Project}.dll"), "--contentRoot", folder, "--port", "0"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AzureWebJobsStorage"] = storage;
        start.Environment["AzureWebJobsSecretsPath"] = secrets.Path;
        start.Environment["ConformanceQueue"] = "conformance-by-setting";
        start.Environment["EveryTwoSeconds"] = "*/2 * * * * *";
        var app = new AppProcess(Process.Start(start)!, secrets);
        try
        {
            app.Url = await app._url.Task.WaitAsync(TestTimeouts.Default);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TestTimeouts.Default);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The app did not stop:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}");
        }

        await _reading;
        _process.Dispose();
        _secrets.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
            {
                _url.TrySetResult(line[(at + Listening.Length)..].Trim());
            }
        }

        _url.TrySetException(new InvalidOperationException($"The app ended before it listened:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}"));
    }
}
