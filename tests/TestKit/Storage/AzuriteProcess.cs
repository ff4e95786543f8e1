using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FunctionsBroker.TestKit.Storage;

/// <summary>
/// One running Azurite. It ends with the process that started it, even if that is killed: a line of script around it
/// watches its standard input, whose other end closes then.
/// </summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    // A line on stdin asks for an orderly end, in which Azurite writes out what it holds; the end of stdin is a sudden one.
    private const string Script = """
        process.stdin.on('data', () => process.emit('SIGTERM')).on('close', () => process.exit()).unref();
        process.argv.splice(1, 0, process.argv[1]);
        require(process.argv[1]);
        """;

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly TaskCompletionSource<AzuritePorts> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private AzuriteProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadOutputAsync();
    }

    public int Id => _process.Id;

    /// <summary>Where it listens.</summary>
    public AzuritePorts Ports { get; private set; } = new(0, 0, 0);

    /// <param name="ports">Ports to listen on; 0 lets the system choose.</param>
    /// <param name="folder">Where it keeps its data; null keeps them in memory.</param>
    /// <param name="options">Further arguments.</param>
    /// <returns>The process, once it listens on all its ports.</returns>
    public static async Task<AzuriteProcess> StartAsync(
        AzuritePorts ports, string? folder, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var argument in (IEnumerable<string>)[.. Arguments(ports, folder), .. options])
        {
            start.ArgumentList.Add(argument);
        }

        var process = new AzuriteProcess(Process.Start(start)!);
        try
        {
            process.Ports = await process._ready.Task.WaitAsync(TestTimeouts.Default, cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it in order: what it holds is on disk afterwards.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("stop".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(TestTimeouts.Default, cancellationToken);
        await DisposeAsync();
    }

    /// <summary>Ends it at once.</summary>
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

    private static IEnumerable<string> Arguments(AzuritePorts ports, string? folder)
    {
        IEnumerable<string> arguments =
        [
            "-e", Script, "--", RepositoryRoot.Combine("node_modules", "azurite", "dist", "src", "azurite.js"),
            "--blobPort", $"{ports.Blob}", "--queuePort", $"{ports.Queue}", "--tablePort", $"{ports.Table}",
            "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        ];
        return [.. arguments, .. folder is null ? ["--inMemoryPersistence"] : (string[])["--location", folder]];
    }

    private async Task ReadOutputAsync()
    {
        var ports = new Dictionary<string, int>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].Value, provider: null);
                if (ports.Count == 3)
                {
                    _ready.TrySetResult(new AzuritePorts(ports["Blob"], ports["Queue"], ports["Table"]));
                }
            }
        }

        _ready.TrySetException(new InvalidOperationException($"Azurite ended before it listened: {await _errors}"));
    }

    [GeneratedRegex(@"^Azurite (?<service>\w+) service is successfully listening at .*:(?<port>\d+)$")]
    private static partial Regex Listening();
}
