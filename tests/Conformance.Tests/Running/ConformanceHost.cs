using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>
/// What the cases run against: the app on the Local runtime with an Azurite of its own, or, if the environment names one,
/// a Functions host that already runs the app (README.md).
/// </summary>
public sealed class ConformanceHost : IAsyncLifetime
{
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMinutes(2);

    private Azurite? _azurite;
    private AppProcess? _app;
    private HttpClient? _http;
    private string? _storage;

    /// <summary>A client whose base address is the host's.</summary>
    public HttpClient Http => _http ?? throw NotInitialized();

    /// <summary>The storage account of the host, as a connection string.</summary>
    public string Storage => _storage ?? throw NotInitialized();

    public HostKeys Keys { get; private set; } = HostKeys.FromEnvironment();

    public async ValueTask InitializeAsync()
    {
        var url = Environment.GetEnvironmentVariable("CONFORMANCE_URL");
        _storage = Environment.GetEnvironmentVariable("CONFORMANCE_STORAGE");
        if (url is null)
        {
            _azurite = await Azurite.StartInMemoryAsync(CancellationToken.None);
            _storage = _azurite.ConnectionString;
            Keys = HostKeys.New();
            _app = await AppProcess.StartAsync(_storage, Keys);
            url = _app.Url;
        }

        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(url), Timeout = s_answerLimit };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    private static InvalidOperationException NotInitialized() => new("The fixture was not initialized.");
}
