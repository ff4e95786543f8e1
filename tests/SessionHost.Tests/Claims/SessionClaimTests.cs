using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.SessionHost.Tests.Claims;

public sealed class SessionClaimTests : IDisposable
{
    private static readonly SessionId s_session = SessionId.Parse("a");
    private readonly InMemorySessionStore _store = new();
    private readonly SessionClaim _mine;
    private readonly SessionClaim _theirs;

    public SessionClaimTests()
    {
        _mine = Claim("host-1");
        _theirs = Claim("host-2");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_NewSession_MakesItsRow()
    {
        var record = Assert.IsType<Ownership.Held>(await TakeAsync(_mine, 1)).Record;

        Assert.Equal(("host-1", 1L, "default"), (record.HostId, record.Epoch, record.Profile));
        Assert.NotEqual(Guid.Empty, record.ClaudeSessionId);
        Assert.Equal(record, (await _store.FindAsync(s_session, Cancellation))!.Value);
    }

    [Fact]
    public async Task Take_HeldSession_CostsNothing()
    {
        await TakeAsync(_mine, 1);

        await TakeAsync(_mine, 1);

        Assert.Equal(1, _store.Writes);
    }

    [Fact]
    public async Task Take_HigherEpoch_MovesTheSessionWithWhatBelongsToIt()
    {
        var before = Assert.IsType<Ownership.Held>(await TakeAsync(_mine, 1)).Record;

        var after = Assert.IsType<Ownership.Held>(await TakeAsync(_theirs, 2)).Record;

        Assert.Equal(before with { HostId = "host-2", Epoch = 2 }, after);
        Assert.Equal(2, Assert.IsType<Ownership.Lost>(await TakeAsync(_mine, 2)).HeldEpoch);
        Assert.IsType<Ownership.Lost>(await _mine.CheckAsync(1, Cancellation));
    }

    [Fact]
    public async Task Take_RememberedHold_IsTrustedOnlyWhereItIsSaidSo()
    {
        await TakeAsync(_mine, 1);
        await TakeAsync(_theirs, 2);

        Assert.IsType<Ownership.Held>(await TakeAsync(_mine, 1, trustHeld: true));
        Assert.IsType<Ownership.Lost>(await TakeAsync(_mine, 1, trustHeld: false));
    }

    [Fact]
    public async Task Update_SessionThatMovedOn_WritesNothing()
    {
        await TakeAsync(_mine, 1);
        await TakeAsync(_theirs, 2);

        Assert.False(await _mine.UpdateAsync(1, record => record with { TranscriptOffset = 99 }, Cancellation));
        Assert.True(await _theirs.UpdateAsync(2, record => record with { TranscriptOffset = 7 }, Cancellation));
        Assert.Equal(7, (await _store.FindAsync(s_session, Cancellation))!.Value.TranscriptOffset);
    }

    [Fact]
    public async Task Update_RowThatWasTouchedInBetween_ReadsAgain()
    {
        await TakeAsync(_mine, 1);
        var row = (await _store.FindAsync(s_session, Cancellation))!;
        await _store.UpdateAsync(row, row.Value with { Profile = "other" }, Cancellation);

        // Others look at the record meanwhile, who run the session's next turn.
        List<SessionRecord?> seen = [];
        _store.OnFind = () => seen.Add(_mine.Record);
        Assert.True(await _mine.UpdateAsync(1, record => record with { TranscriptOffset = 7 }, Cancellation));

        Assert.NotNull(Assert.Single(seen));
        var record = (await _store.FindAsync(s_session, Cancellation))!.Value;
        Assert.Equal(("other", 7L), (record.Profile, record.TranscriptOffset));
    }

    [Fact]
    public async Task Take_TwoHostsAtOnce_OneHasIt()
    {
        var taken = await Task.WhenAll(Task.Run(() => TakeAsync(_mine, 1)), Task.Run(() => TakeAsync(_theirs, 1)));

        Assert.Single(taken.OfType<Ownership.Held>());
    }

    public void Dispose()
    {
        _mine.Dispose();
        _theirs.Dispose();
    }

    private SessionClaim Claim(string host) => new(_store, s_session, host, TimeSpan.FromHours(1), TimeProvider.System);

    private static Task<Ownership> TakeAsync(SessionClaim claim, long epoch, bool trustHeld = true) =>
        claim.TakeAsync(epoch, null, "default", trustHeld, Cancellation);
}
