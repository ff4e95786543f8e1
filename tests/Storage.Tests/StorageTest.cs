using FunctionsBroker.TestKit.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsBroker.Storage.Tests;

/// <summary>The stores as a program gets them, on a real Azurite that all tests of the assembly share.</summary>
[Trait("Category", "Emulator")]
public abstract class StorageTest(AzuriteFixture azurite) : IAsyncLifetime
{
    private ServiceProvider? _services;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string ConnectionString => azurite.ConnectionString;

    protected static string UniqueId() => Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = azurite.ConnectionString })
            .Build();
        _services = new ServiceCollection().AddBrokerStorage(configuration).AddBrokerTranscripts(configuration).BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();
}
