using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FunctionsBroker.TestKit.Running;

/// <summary>
/// The front as it is built, under the local Functions host, as a process of its own. It ends with the process that started it,
/// even if that is killed: it watches its standard input.
/// </summary>
public sealed partial class FrontProcess : IAsyncDisposable
{
    private const string HostProject = "FunctionsBroker.FunctionsHost";
    private const string AppProject = "FunctionsBroker.Functions";
    private const int LinesInMessages = 100;

    // One partition suits one process, and is there sooner than several.
    private const string PartitionCount = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__partitionCount";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TempDirectory _secrets;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private Uri? _url;
    private Uri? _durableUrl;
    private string? _hub;
    private int _disposed;

    private FrontProcess(Process process, TempDirectory secrets, string key)
    {
        (_process, _secrets, FunctionKey) = (process, secrets, key);
        _reading = ReadAllAsync();
    }

    /// <summary>Where it takes HTTP requests.</summary>
    public Uri Url => _url ?? throw new InvalidOperationException("It is not ready.");

    /// <summary>Where the Durable extension takes the calls of its clients.</summary>
    public Uri DurableUrl => _durableUrl ?? throw new InvalidOperationException("It has not said where its durable task hub is.");

    /// <summary>The name of the durable task hub.</summary>
    public string Hub => _hub ?? throw new InvalidOperationException("It has not said the name of its durable task hub.");

    /// <summary>The key that opens its functions, for the header <c>x-functions-key</c>.</summary>
    public string FunctionKey { get; }

    public int ProcessId => _process.Id;

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

    /// <summary>Starts it, and waits until it takes requests.</summary>
    /// <param name="connectionString">Of its storage account.</param>
    /// <param name="settings">Its app settings as environment variables, such as <c>Broker__CallbackKey</c>.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message shows its last lines.</exception>
    /// <exception cref="TimeoutException">It was not ready in time; the message shows its last lines.</exception>
    public static async Task<FrontProcess> StartAsync(
        string connectionString,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);

        var secrets = new TempDirectory();
        var key = Guid.NewGuid().ToString("N");
        await File.WriteAllTextAsync(secrets.Combine("host.json"), SecretsWith(key), cancellationToken);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { BinaryOf(HostProject, $"{HostProject}.dll"), BinaryOf(AppProject), "--urls", "http://127.0.0.1:0" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["FUNCTIONS_HOST_PARENT_WATCH"] = "1";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["AzureWebJobsStorage"] = connectionString;
        start.Environment["AzureWebJobsSecretsPath"] = secrets.Path;
        start.Environment[PartitionCount] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var front = new FrontProcess(Process.Start(start)!, secrets, key);
        try
        {
            front._url = await front.BecomesReadyAsync(cancellationToken);
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it has printed, from one line on.</summary>
    public string Log(int from = 0)
    {
        lock (_lock)
        {
            return string.Join(Environment.NewLine, _lines.Skip(from));
        }
    }

    /// <summary>Ends it in order, and at once where that takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TestTimeouts.Default, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The front did not stop within {TestTimeouts.Default}:{Environment.NewLine}{LastLines()}");
        }
        finally
        {
            await _reading;
            _process.Dispose();
            _secrets.Dispose();
        }
    }

    private static string BinaryOf(params ReadOnlySpan<string> parts) => RepositoryRoot.Combine(["artifacts", "bin", parts[0], "release", .. parts[1..]]);

    private static string SecretsWith(string key) =>
        new JsonObject
        {
            ["masterKey"] = new JsonObject { ["name"] = "master", ["value"] = Guid.NewGuid().ToString("N"), ["encrypted"] = false },
            ["functionKeys"] = new JsonArray(new JsonObject { ["name"] = "default", ["value"] = key, ["encrypted"] = false }),
        }.ToJsonString();

    private async Task<Uri> BecomesReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _ready.Task.WaitAsync(s_startLimit, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The front was not ready within {s_startLimit}:{Environment.NewLine}{LastLines()}");
        }
    }

    private string LastLines() => Log(Math.Max(0, LineCount - LinesInMessages));

    private async Task ReadAllAsync()
    {
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        _ready.TrySetException(new InvalidOperationException($"The front ended before it was ready:{Environment.NewLine}{LastLines()}"));
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _lines.Add(line);
            }

            if (Hubs().Match(line) is { Success: true } hub)
            {
                (_hub, _durableUrl) = (hub.Groups["name"].Value, new Uri(hub.Groups["url"].Value));
            }
            else if (Ready().Match(line) is { Success: true } ready)
            {
                _ready.TrySetResult(new Uri(ready.Groups["url"].Value));
            }
        }
    }

    [GeneratedRegex(@"durable task hub (?<name>\S+) at (?<url>http://\S+)")]
    private static partial Regex Hubs();

    [GeneratedRegex(@"^ready (?<url>http://\S+)$")]
    private static partial Regex Ready();
}
