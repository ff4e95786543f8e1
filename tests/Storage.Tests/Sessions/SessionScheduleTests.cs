using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Sessions;

public sealed class SessionScheduleTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly SessionId _session = SessionId.Parse($"due:{UniqueId()}");

    private ISessionStore Store => Get<ISessionStore>();

    private ISessionSchedule Schedule => Get<ISessionSchedule>();

    [Fact]
    public async Task ListDue_NewSession_IsDueWhenItExpiresAndNotBefore()
    {
        await Store.AddAsync(NewSession(s_noon), Cancellation);

        Assert.Empty(await DueAsync(s_noon.AddTicks(-1)));
        Assert.Equal([s_noon], await DueAsync(s_noon));
    }

    [Fact]
    public async Task ListDue_ExpiryMovedOn_ComesAtTheOldTime()
    {
        var added = await Store.AddAsync(NewSession(s_noon), Cancellation);
        await Store.UpdateAsync(added, added.Value with { ExpiresAt = s_noon.AddDays(1) }, Cancellation);

        Assert.Equal([s_noon], await DueAsync(s_noon.AddDays(2)));
    }

    [Fact]
    public async Task ListDue_ExpiryMovedForward_ComesAtTheNewTimeToo()
    {
        var added = await Store.AddAsync(NewSession(s_noon), Cancellation);
        var updated = await Store.UpdateAsync(added, added.Value with { ExpiresAt = s_noon.AddHours(-1) }, Cancellation);

        Assert.Equal([s_noon.AddHours(-1)], await DueAsync(s_noon.AddHours(-1)));

        // The tag that came out of the transaction is the session's.
        await Store.UpdateAsync(updated, updated.Value with { Epoch = 1 }, Cancellation);
    }

    [Fact]
    public async Task Move_DueNote_ComesAtTheOtherTimeOnly()
    {
        await Store.AddAsync(NewSession(s_noon), Cancellation);

        await Schedule.MoveAsync(new SessionDue(_session, s_noon), s_noon.AddHours(2), Cancellation);

        Assert.Empty(await DueAsync(s_noon.AddHours(1)));
        Assert.Equal([s_noon.AddHours(2)], await DueAsync(s_noon.AddHours(2)));
    }

    [Fact]
    public async Task Move_ToTheSameTime_KeepsIt()
    {
        await Store.AddAsync(NewSession(s_noon), Cancellation);

        await Schedule.MoveAsync(new SessionDue(_session, s_noon), s_noon, Cancellation);

        Assert.Equal([s_noon], await DueAsync(s_noon));
    }

    [Fact]
    public async Task Remove_Twice_IsNoError()
    {
        await Store.AddAsync(NewSession(s_noon), Cancellation);

        await Schedule.RemoveAsync(new SessionDue(_session, s_noon), Cancellation);
        await Schedule.RemoveAsync(new SessionDue(_session, s_noon), Cancellation);

        Assert.Empty(await DueAsync(s_noon));
    }

    private async Task<IReadOnlyList<DateTimeOffset>> DueAsync(DateTimeOffset now) =>
        await Schedule.ListDueAsync(now, Cancellation)
            .Where(due => due.SessionId == _session)
            .Select(due => due.At)
            .ToListAsync(Cancellation);

    private SessionRecord NewSession(DateTimeOffset expiresAt) => new()
    {
        SessionId = _session,
        RouteId = RouteId.NewRouteId(),
        Profile = "default",
        ClaudeSessionId = Guid.NewGuid(),
        CreatedAt = s_noon.AddDays(-1),
        LastUsedAt = s_noon.AddDays(-1),
        ExpiresAt = expiresAt,
    };
}
