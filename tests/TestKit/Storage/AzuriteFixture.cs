using Xunit;

namespace FunctionsBroker.TestKit.Storage;

/// <summary>
/// An Azurite that a test class (<c>IClassFixture&lt;AzuriteFixture&gt;</c>) or a whole test project
/// (<c>[assembly: AssemblyFixture(typeof(AzuriteFixture))]</c>) shares. It keeps its data in memory; tests that share it
/// name their tables and queues by <see cref="UniqueName"/>.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private Azurite? _azurite;

    public Azurite Azurite => _azurite ?? throw new InvalidOperationException("The fixture was not initialized.");

    public string ConnectionString => Azurite.ConnectionString;

    /// <summary>A name that no other test has and that both tables and queues may bear.</summary>
    public static string UniqueName(string prefix = "t") => prefix + Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartInMemoryAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }
}
