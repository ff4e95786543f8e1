using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FunctionsBroker.TestKit.Running;

/// <summary>
/// The local Functions host with some app's build output, as a process of its own. It ends with the process that started it,
/// even if that is killed: it watches its standard input.
/// </summary>
public sealed partial class FunctionsHostProcess : IAsyncDisposable
{
    private const string Project = "FunctionsBroker.FunctionsHost";
    private const int LinesInMessages = 100;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private Uri? _url;
    private Uri? _durableUrl;
    private string? _hub;
    private int _disposed;

    private FunctionsHostProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Where it takes HTTP requests.</summary>
    public Uri Url => _url ?? throw new InvalidOperationException("It is not ready.");

    /// <summary>Where the Durable extension takes the calls of its clients.</summary>
    public Uri DurableUrl => _durableUrl ?? throw new InvalidOperationException("It has not said where its durable task hub is.");

    /// <summary>The name of the durable task hub.</summary>
    public string Hub => _hub ?? throw new InvalidOperationException("It has not said the name of its durable task hub.");

    public int Pid => _process.Id;

    /// <summary>The pid of the worker that it runs now; null while there is none.</summary>
    public int? WorkerPid => FunctionsWorker.Find(Pid);

    /// <summary>How many lines it has printed so far.</summary>
    public int LineCount
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Where the build output of a project of this repository is.</summary>
    public static string AppFolder(string project) => RepositoryRoot.Combine("artifacts", "bin", project, "release");

    /// <summary>Starts the host, and waits until it takes requests.</summary>
    /// <param name="appFolder">The build output of the app.</param>
    /// <param name="settings">The app's settings, and the host's own, as environment variables.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message shows its last lines.</exception>
    /// <exception cref="TimeoutException">It was not ready in time; the message shows its last lines.</exception>
    public static async Task<FunctionsHostProcess> StartAsync(
        string appFolder,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);

        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppFolder(Project), $"{Project}.dll"), appFolder, "--urls", "http://127.0.0.1:0" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FUNCTIONS_HOST_PARENT_WATCH"] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var host = new FunctionsHostProcess(Process.Start(start)!);
        try
        {
            await host.BecomesReadyAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it and its worker have printed, from one line on.</summary>
    public string Output(int from = 0)
    {
        lock (_lock)
        {
            return string.Join(Environment.NewLine, _lines.Skip(from));
        }
    }

    /// <summary>Kills the worker as a crash would; the host starts another one.</summary>
    /// <returns>The pid that the worker had.</returns>
    public async Task<int> KillWorkerAsync()
    {
        var pid = WorkerPid ?? throw new InvalidOperationException($"There is no worker:{Environment.NewLine}{LastLines()}");
        using var worker = Process.GetProcessById(pid);
        worker.Kill();
        await worker.WaitForExitAsync();
        return pid;
    }

    /// <summary>Kills the host as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await DisposeAsync();
    }

    /// <summary>Stops it by SIGTERM.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await EndsAsync();
        var code = _process.ExitCode;
        await DisposeAsync();
        return code;
    }

    /// <summary>Ends it in order, and at once where that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            _process.StandardInput.Close();
            await EndsAsync();
        }
        finally
        {
            await _reading;
            _process.Dispose();
        }
    }

    private async Task EndsAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TestTimeouts.Default, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The host did not end within {TestTimeouts.Default}:{Environment.NewLine}{LastLines()}");
        }
    }

    private async Task BecomesReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _ready.Task.WaitAsync(s_startLimit, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The host was not ready within {s_startLimit}:{Environment.NewLine}{LastLines()}");
        }
    }

    private string LastLines() => Output(Math.Max(0, LineCount - LinesInMessages));

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _lines.Add(line);
            }

            // The log has a writer of its own, so its line may come after the one that says ready.
            if (Hubs().Match(line) is { Success: true } hub)
            {
                (_hub, _durableUrl) = (hub.Groups["name"].Value, new Uri(hub.Groups["url"].Value));
            }
            else if (Ready().Match(line) is { Success: true } ready)
            {
                _url = new Uri(ready.Groups["url"].Value);
            }

            if (_url is not null && _durableUrl is not null)
            {
                _ready.TrySetResult();
            }
        }

        _ready.TrySetException(new InvalidOperationException($"The host ended before it was ready:{Environment.NewLine}{LastLines()}"));
    }

    [GeneratedRegex(@"durable task hub (?<name>\S+) at (?<url>http://[^\s,;]+)")]
    private static partial Regex Hubs();

    [GeneratedRegex(@"^ready (?<url>http://\S+)$")]
    private static partial Regex Ready();
}
