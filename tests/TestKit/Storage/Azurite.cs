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
    private readonly AzuriteCertificate? _certificate;
    private AzuriteProcess? _process;

    private Azurite(TempDirectory? folder, AzuriteCertificate? certificate)
    {
        _folder = folder;
        _certificate = certificate;
    }

    /// <summary>Ports of the running one, or of the last one that ran.</summary>
    public AzuritePorts Ports { get; private set; } = new(0, 0, 0);

    /// <summary>The id of its process; 0 while it is stopped.</summary>
    public int ProcessId => _process?.Id ?? 0;

    public Uri TableEndpoint => new($"{Scheme}://127.0.0.1:{Ports.Table}/{Account}");

    public Uri QueueEndpoint => new($"{Scheme}://127.0.0.1:{Ports.Queue}/{Account}");

    public static string AccountName => Account;

    public static string AccountKey => Key;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol={Scheme};AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint={Scheme}://127.0.0.1:{Ports.Blob}/{Account};QueueEndpoint={QueueEndpoint};TableEndpoint={TableEndpoint};";

    private string Scheme => _certificate is null ? "http" : "https";

    /// <summary>Starts one that keeps its data in memory: they end with it.</summary>
    public static Task<Azurite> StartInMemoryAsync(CancellationToken cancellationToken) => StartNewAsync(null, null, cancellationToken);

    /// <summary>Starts one over https, which takes bearer tokens too: it looks at issuer, audience and times, not at the signature.</summary>
    public static Task<Azurite> StartSecureAsync(AzuriteCertificate certificate, CancellationToken cancellationToken) =>
        StartNewAsync(null, certificate, cancellationToken);

    /// <summary>Starts one that keeps its data in a temporary folder, so that it can be started again over them.</summary>
    public static Task<Azurite> StartOnDiskAsync(CancellationToken cancellationToken) => StartNewAsync(new TempDirectory(), null, cancellationToken);

    /// <summary>Starts it again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the ports that it had.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            throw new InvalidOperationException("It runs.");
        }

        // Another process may have one of the ports for a moment, for a call of its own.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    _process = await AzuriteProcess.StartAsync(Ports, _folder?.Path, _certificate?.Arguments ?? [], cancellationToken);
                    return true;
                }
                catch (InvalidOperationException exception) when (exception.Message.Contains("EADDRINUSE", StringComparison.Ordinal))
                {
                    return false;
                }
            },
            cancellationToken);
        Ports = _process!.Ports;
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

    private static async Task<Azurite> StartNewAsync(TempDirectory? folder, AzuriteCertificate? certificate, CancellationToken cancellationToken)
    {
        var azurite = new Azurite(folder, certificate);
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
