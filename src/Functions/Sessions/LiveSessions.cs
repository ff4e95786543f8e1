using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>What sessions are doing right now, as their hosts say.</summary>
internal sealed class LiveSessions(HostDirectory hosts, HostSessionsClient client, TimeProvider time)
{
    /// <summary>Asks every living host for all that is awake.</summary>
    public async Task<LiveSnapshot> ListAsync(CancellationToken cancellationToken)
    {
        var asked = await Task.WhenAll((await ListHostsAsync(cancellationToken)).Select(async host =>
            (host.HostId, Sessions: await client.ListAsync(host, cancellationToken))));
        return new LiveSnapshot(asked.SelectMany(host => host.Sessions.Select(session => (host.HostId, session))));
    }

    /// <returns>Null when its host is gone, does not answer or does not keep it awake.</returns>
    public async Task<HostSession?> FindAsync(SessionRecord record, CancellationToken cancellationToken) =>
        await FindHostAsync(record, cancellationToken) is { } host
            ? await client.FindAsync(host, record.SessionId, cancellationToken)
            : null;

    /// <summary>Has the session's process closed, after the turn that runs in it, so that the next turn begins with what the row says then.</summary>
    public async Task RecycleAsync(SessionRecord record, CancellationToken cancellationToken)
    {
        if (await FindHostAsync(record, cancellationToken) is { } host)
        {
            await client.RecycleAsync(host, record.SessionId, cancellationToken);
        }
    }

    private async Task<HostRecord?> FindHostAsync(SessionRecord record, CancellationToken cancellationToken) =>
        (await ListHostsAsync(cancellationToken)).FirstOrDefault(host => host.HostId == record.HostId);

    private async Task<IEnumerable<HostRecord>> ListHostsAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return (await hosts.ListAsync(cancellationToken)).Where(host => host.IsAliveAt(now));
    }
}

/// <summary>The sessions that were awake at one moment, each by the host that said so.</summary>
internal sealed class LiveSnapshot(IEnumerable<(string HostId, HostSession Session)> awake)
{
    private readonly Dictionary<(string HostId, string SessionId), HostSession> _awake =
        awake.ToDictionary(entry => (entry.HostId, entry.Session.SessionId), entry => entry.Session);

    /// <summary>All that are awake somewhere, in the order of the list of sessions.</summary>
    public IReadOnlyList<SessionId> Sessions =>
        [.. _awake.Keys.Select(key => SessionId.Parse(key.SessionId)).Distinct().Order(StorageKeys.SessionOrder)];

    /// <summary>What the host that the session belongs to says of it: a host that has lost it does not count.</summary>
    public HostSession? Find(SessionRecord record) =>
        record.HostId is { } host ? _awake.GetValueOrDefault((host, record.SessionId.Value)) : null;
}
