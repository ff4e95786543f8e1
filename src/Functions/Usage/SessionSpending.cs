using System.Collections.Concurrent;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Usage;

/// <summary>What sessions have spent. A session without a budget is looked at once a minute, so that its turns do not pay for the question.</summary>
/// <remarks>Thread-safe. A budget that another instance of the front is given is seen here within that minute.</remarks>
internal sealed class SessionSpending(ISessionStore sessions, IOptions<BrokerOptions> options, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan s_freshWithLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_freshWithoutLimit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<SessionId, (SessionSpend Spend, long ReadAt)> _known = new();

    public async ValueTask<SessionSpend> FindAsync(SessionId session, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(session, out var known) && IsFresh(known))
        {
            return known.Spend;
        }

        var asked = time.GetTimestamp();
        var spend = ToSpend((await sessions.FindAsync(session, cancellationToken))?.Value);
        MakeRoom();
        _known[session] = (spend, asked);
        return spend;
    }

    /// <summary>The session has been configured anew.</summary>
    public void Forget(SessionId session) => _known.TryRemove(session, out _);

    private SessionSpend ToSpend(SessionRecord? record)
    {
        var general = options.Value.Budgets.TryGetValue(record?.Profile ?? ProfileNames.Default, out var budget) ? budget.SessionCostUsd : null;
        return new SessionSpend(record?.Profile, record?.Totals.CostUsd ?? 0, record?.BudgetUsd ?? general);
    }

    private bool IsFresh((SessionSpend Spend, long ReadAt) known) =>
        time.GetElapsedTime(known.ReadAt) < (known.Spend.LimitUsd is null ? s_freshWithoutLimit : s_freshWithLimit);

    private void MakeRoom()
    {
        if (_known.Count < MostRemembered)
        {
            return;
        }

        foreach (var (session, known) in _known)
        {
            if (!IsFresh(known))
            {
                _known.TryRemove(session, out _);
            }
        }

        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }
    }
}

/// <summary>What a session has spent of what it may, in US dollars.</summary>
/// <param name="Profile">What it runs under; null when there is no such session yet.</param>
/// <param name="LimitUsd">Null for no limit.</param>
internal sealed record SessionSpend(string? Profile, decimal SpentUsd, decimal? LimitUsd);
