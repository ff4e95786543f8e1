using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Sessions;

public sealed class SessionStoreTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero);

    private ISessionStore Store => Get<ISessionStore>();

    [Fact]
    public async Task Add_NewSession_IsFoundWithEveryPart()
    {
        var session = NewSession() with
        {
            HostId = "host-1",
            Epoch = 7,
            TranscriptBlob = "a/b.jsonl",
            TranscriptTurnId = TurnId.Parse("t-6"),
            TranscriptOffset = 5_000_000_000,
            TranscriptDigest = new string('a', 64),
            LastTurnId = TurnId.Parse("t"),
            Totals = new UsageTotals { Turns = 3, InputTokens = 4, OutputTokens = 5, CostUsd = 0.000017m },
        };

        await Store.AddAsync(session, Cancellation);

        Assert.Equal(session, (await Store.FindAsync(session.SessionId, Cancellation))?.Value);
    }

    [Fact]
    public async Task Add_SessionThatIsThere_Conflicts()
    {
        var session = NewSession();
        await Store.AddAsync(session, Cancellation);

        var conflict = await Assert.ThrowsAsync<ConcurrencyConflictException>(() => Store.AddAsync(session, Cancellation));

        Assert.Null(conflict.HeldETag);
        Assert.Contains(session.SessionId.Value, conflict.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_TwoWriters_ExactlyOneWins()
    {
        var added = await Store.AddAsync(NewSession(), Cancellation);

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 8).Select(epoch => TryUpdateAsync(added, epoch)));

        Assert.Single(outcomes, won => won);
    }

    [Fact]
    public async Task Update_PartThatIsLeftOut_IsGone()
    {
        var added = await Store.AddAsync(NewSession() with { HostId = "host-1" }, Cancellation);

        await Store.UpdateAsync(added, added.Value with { HostId = null }, Cancellation);

        Assert.Null((await Store.FindAsync(added.Value.SessionId, Cancellation))?.Value.HostId);
    }

    [Fact]
    public async Task Delete_AsItWasRead_RemovesIt()
    {
        var added = await Store.AddAsync(NewSession(), Cancellation);

        await Store.DeleteAsync(added, Cancellation);

        Assert.Null(await Store.FindAsync(added.Value.SessionId, Cancellation));
    }

    [Fact]
    public async Task Delete_ChangedMeanwhile_Conflicts()
    {
        var added = await Store.AddAsync(NewSession(), Cancellation);
        await Store.UpdateAsync(added, added.Value with { Epoch = 1 }, Cancellation);

        await Assert.ThrowsAsync<ConcurrencyConflictException>(() => Store.DeleteAsync(added, Cancellation));
    }

    private async Task<bool> TryUpdateAsync(Versioned<SessionRecord> read, long epoch)
    {
        try
        {
            await Store.UpdateAsync(read, read.Value with { Epoch = epoch }, Cancellation);
            return true;
        }
        catch (ConcurrencyConflictException)
        {
            return false;
        }
    }

    private static SessionRecord NewSession() => new()
    {
        SessionId = SessionId.Parse($"room:{UniqueId()}"),
        RouteId = RouteId.NewRouteId(),
        Profile = "default",
        ClaudeSessionId = Guid.NewGuid(),
        CreatedAt = s_noon,
        LastUsedAt = s_noon,
        ExpiresAt = s_noon.AddDays(1),
    };
}
