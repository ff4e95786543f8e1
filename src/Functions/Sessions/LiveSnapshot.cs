using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

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
