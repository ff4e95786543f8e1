using FunctionsBroker.Local.Durable.Ownership;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>One term of ownership of a hub: the claim and the engine that runs under it.</summary>
internal sealed class HubTerm : IAsyncDisposable
{
    private readonly HubLease _lease;
    private readonly CancellationTokenSource _lost;

    private HubTerm(HubLease lease, HubEngine engine)
    {
        _lease = lease;
        Engine = engine;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, engine.Lost);
    }

    public HubEngine Engine { get; }

    /// <summary>Cancelled when the term has ended because another process has taken over.</summary>
    public CancellationToken Lost => _lost.Token;

    public static async Task<HubTerm> BeginAsync(EngineServices services, HubOwner owner, CancellationToken cancellationToken)
    {
        // Not only once: a storage that has gone back in time may have lost the table itself.
        await services.Table.CreateIfNotExistsAsync(cancellationToken);
        HubLease lease = await HubLease.AcquireAsync(
            services.Table, owner, services.Options.LeaseDuration, services.Time, services.Loggers.CreateLogger<HubLease>(), cancellationToken);
        try
        {
            RecoveredHub hub = await new HubRecovery(services, lease.Epoch).RecoverAsync(cancellationToken);
            return new HubTerm(lease, new HubEngine(services, hub));
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the term in good order.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Engine.StopAsync(cancellationToken);
        await Engine.DisposeAsync();
        await _lease.ReleaseAsync(cancellationToken);
    }

    /// <summary>Ends a term that has been lost. A claim that is still there is given up, so that it can be made anew.</summary>
    public async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        await Engine.DisposeAsync();
        await _lease.ReleaseAsync(cancellationToken);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _lease.DisposeAsync();
        _lost.Dispose();
    }
}
