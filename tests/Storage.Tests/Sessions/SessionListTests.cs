using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Sessions;

public sealed class SessionListTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // Every test lists its own sessions only: the table is shared.
    private readonly string _tag = $"test-{UniqueId()}";

    private ISessionStore Store => Get<ISessionStore>();

    [Fact]
    public async Task List_PageByPage_GivesEverySessionOnce()
    {
        var added = await AddAsync(25);
        List<SessionId> listed = [];
        SessionId? after = null;
        do
        {
            var page = await ListAsync(new SessionFilter { Tag = _tag }, after).Take(7).ToListAsync(Cancellation);
            listed.AddRange(page);
            after = page.Count == 7 ? page[^1] : null;
        }
        while (after is not null);

        Assert.Equal(added.Order(StorageKeys.SessionOrder), listed);
    }

    [Fact]
    public async Task List_AfterASessionThatIsGone_GoesOnBehindIt()
    {
        var added = (await AddAsync(10)).Order(StorageKeys.SessionOrder).ToList();
        var gone = await Store.FindAsync(added[4], Cancellation);
        await Store.DeleteAsync(gone!, Cancellation);

        Assert.Equal(added[5..], await ListAsync(new SessionFilter { Tag = _tag }, added[4]).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task List_WithEveryFilter_GivesThoseThatFit()
    {
        var wanted = NewSession() with { HostId = "host'1", Profile = "it's", Tags = ["Ä", _tag] };
        await Store.AddAsync(wanted, Cancellation);
        await Store.AddAsync(NewSession() with { HostId = "host-2", Profile = "it's", Tags = [_tag] }, Cancellation);
        await Store.AddAsync(NewSession() with { HostId = "host'1", Profile = "other", Tags = [_tag] }, Cancellation);
        await Store.AddAsync(NewSession() with { HostId = "host'1", Profile = "it's", Tags = ["other"] }, Cancellation);

        var listed = await Store
            .ListAsync(new SessionFilter { HostId = "host'1", Profile = "it's", Tag = _tag }, null, 10, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(["Ä", _tag], Assert.Single(listed, session => session.SessionId == wanted.SessionId).Tags.OrderDescending(StringComparer.Ordinal));
        Assert.Single(listed);
    }

    [Fact]
    public async Task Add_WithEverySetting_IsFoundWithThem()
    {
        var session = NewSession() with
        {
            Title = "A title, with 'quotes'",
            Tags = ["a.b", "c:d@e-f"],
            Ttl = TimeSpan.FromHours(3),
            BudgetUsd = 12.345m,
            DeletingSince = s_noon,
        };

        await Store.AddAsync(session, Cancellation);

        var found = (await Store.FindAsync(session.SessionId, Cancellation))?.Value;
        Assert.Equal(session.Tags, found?.Tags);
        Assert.Equal(session, found! with { Tags = session.Tags });
    }

    [Fact]
    public async Task Update_TagThatIsLeftOut_IsGone()
    {
        var added = await Store.AddAsync(NewSession() with { Tags = ["kept", _tag] }, Cancellation);

        await Store.UpdateAsync(added, added.Value with { Tags = ["kept"] }, Cancellation);

        Assert.Equal(["kept"], (await Store.FindAsync(added.Value.SessionId, Cancellation))?.Value.Tags);
        Assert.Empty(await ListAsync(new SessionFilter { Tag = _tag }, null).ToListAsync(Cancellation));
    }

    private IAsyncEnumerable<SessionId> ListAsync(SessionFilter filter, SessionId? after) =>
        Store.ListAsync(filter, after, 7, Cancellation).Select(session => session.SessionId);

    private async Task<IReadOnlyList<SessionId>> AddAsync(int count)
    {
        var sessions = Enumerable.Range(0, count).Select(_ => NewSession() with { Tags = [_tag] }).ToList();
        await Task.WhenAll(sessions.Select(session => Store.AddAsync(session, Cancellation)));
        return [.. sessions.Select(session => session.SessionId)];
    }

    private static SessionRecord NewSession() => new()
    {
        SessionId = SessionId.Parse($"list:{UniqueId()}"),
        RouteId = RouteId.NewRouteId(),
        Profile = "default",
        ClaudeSessionId = Guid.NewGuid(),
        CreatedAt = s_noon,
        LastUsedAt = s_noon,
        ExpiresAt = s_noon.AddYears(1),
    };
}
