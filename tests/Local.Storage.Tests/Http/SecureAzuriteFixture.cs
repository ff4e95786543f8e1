using Azure.Core.Pipeline;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Http;

/// <summary>An emulator over https that takes tokens, and the transport of clients that trust it.</summary>
public sealed class SecureAzuriteFixture : IAsyncLifetime
{
    private readonly AzuriteCertificate _certificate = new();
    private Azurite? _azurite;

    public Azurite Azurite => _azurite ?? throw new InvalidOperationException("The fixture was not initialized.");

    public HttpClientTransport Transport => field ??= new HttpClientTransport(_certificate.CreateHandler());

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartSecureAsync(_certificate, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Transport.Dispose();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _certificate.Dispose();
    }
}
