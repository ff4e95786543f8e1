using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.TestKit.Running;

/// <summary>A running <c>broker up</c>.</summary>
public sealed class BrokerSystem : IAsyncDisposable
{
    private const string CliProject = "FunctionsBroker.Cli";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _dataPath;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private BrokerSystem(Process process, string dataPath)
    {
        _process = process;
        _dataPath = dataPath;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Where the parts are now; a part that was started again has another pid.</summary>
    public EndpointsFile Endpoints =>
        JsonSerializer.Deserialize(
            File.ReadAllBytes(Path.Combine(_dataPath, "endpoints.json")),
            ContractsJsonContext.Default.EndpointsFile)!;

    public string Log => string.Join(Environment.NewLine, _output);

    /// <param name="environment">What is set in its environment besides.</param>
    public static async Task<BrokerSystem> StartAsync(
        string dataPath,
        Uri modelUrl,
        int hosts = 2,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var cli = RepositoryRoot.Combine("artifacts", "bin", CliProject, "release", "broker.dll");
        string[] arguments = [cli, "up", "--port", "0", "--hosts", $"{hosts}", "--data", dataPath];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["BROKER_PARENT_WATCH"] = "1";
        start.Environment["ANTHROPIC_BASE_URL"] = modelUrl.AbsoluteUri.TrimEnd('/');
        start.Environment["ANTHROPIC_API_KEY"] = "test-key-that-is-no-key";
        start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var system = new BrokerSystem(Process.Start(start)!, dataPath);
        await system.WaitUntilReadyAsync();
        return system;
    }

    /// <summary>Kills a part as a crash would.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill(entireProcessTree: false);
    }

    public async ValueTask DisposeAsync()
    {
        // EOF on its input tells `up` that its parent has gone: it stops as on Ctrl-C.
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(s_stopLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"`broker up` did not stop within {s_stopLimit}:{Environment.NewLine}{Log}");
        }

        await _reading;
        _process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        try
        {
            var ended = _process.WaitForExitAsync();
            if (await Task.WhenAny(_ready.Task, ended).WaitAsync(s_startLimit, TimeProvider.System) == ended)
            {
                throw new InvalidOperationException($"`broker up` ended with {_process.ExitCode}:{Environment.NewLine}{Log}");
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"`broker up` was not ready within {s_startLimit}:{Environment.NewLine}{Log}");
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            if (line.StartsWith("ready", StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }
}
