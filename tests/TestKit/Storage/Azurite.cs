namespace FunctionsBroker.TestKit.Storage;

/// <summary>
/// An Azurite of one's own on ports that were free, which can be stopped, killed and started again on the same ports over
/// the same data. One that is killed loses what it wrote in the last seconds before, as it writes to disk now and then.
/// </summary>
public sealed class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // Published by Microsoft for the emulator; it opens nothing else.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly TempDirectory? _folder;
    private AzuriteProcess? _process;

    private Azurite(TempDirectory? folder) => _folder = folder;

    /// <summary>Ports of the running one, or of the last one that ran.</summary>
    public AzuritePorts Ports { get; private set; } = new(0, 0, 0);

    /// <summary>The id of its process; 0 while it is stopped.</summary>
    public int ProcessId => _process?.Id ?? 0;

    public Uri TableEndpoint => new($"http://127.0.0.1:{Ports.Table}/{Account}");

    public Uri QueueEndpoint => new($"http://127.0.0.1:{Ports.Queue}/{Account}");

    public static string AccountName => Account;

    public static string AccountKey => Key;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{Ports.Blob}/{Account};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    /// <summary>Starts one that keeps its data in memory: they end with it.</summary>
    public static Task<Azurite> StartInMemoryAsync(CancellationToken cancellationToken) => StartNewAsync(null, cancellationToken);

    /// <summary>Starts one that keeps its data in a temporary folder, so that it can be started again over them.</summary>
    public static Task<Azurite> StartOnDiskAsync(CancellationToken cancellationToken) => StartNewAsync(new TempDirectory(), cancellationToken);

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the ports that it had.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            throw new InvalidOperationException("It runs.");
        }

        _process = await AzuriteProcess.StartAsync(Ports, _folder?.Path, cancellationToken);
        Ports = _process.Ports;
    }

    /// <summary>Ends it in order, with all its data on disk.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            await process.StopAsync(cancellationToken);
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            await process.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder?.Dispose();
    }

    private static async Task<Azurite> StartNewAsync(TempDirectory? folder, CancellationToken cancellationToken)
    {
        var azurite = new Azurite(folder);
        try
        {
            await azurite.StartAsync(cancellationToken);
            return azurite;
        }
        catch
        {
            await azurite.DisposeAsync();
            throw;
        }
    }
}
