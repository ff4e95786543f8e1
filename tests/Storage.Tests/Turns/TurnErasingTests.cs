using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Turns;

public sealed class TurnErasingTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly TimeSpan s_lookBack = TimeSpan.FromHours(2);

    // Every test has hours of its own: the table is shared.
    private readonly DateTimeOffset _noon = new DateTimeOffset(2100, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(Random.Shared.Next(100_000));
    private readonly SessionId _session = SessionId.Parse($"erase:{UniqueId()}");

    private ITurnStore Store => Get<ITurnStore>();

    private ITurnJournal Journal => Get<ITurnJournal>();

    [Fact]
    public async Task EraseEnded_TurnsOfEveryKind_RemovesThoseThatHaveEnded()
    {
        await AddAsync("long", TurnStatus.Completed, _noon, new string('x', 3_000_000));
        await AddAsync("failed", TurnStatus.Failed, _noon);
        await AddAsync("queued", TurnStatus.Queued, _noon);
        await AddAsync("young", TurnStatus.Completed, _noon.AddHours(1));

        Assert.True(await Store.EraseEndedAsync(_session, _noon.AddMinutes(1), 100, Cancellation));

        Assert.Equal(["young", "queued"], await ListAsync());
        Assert.Null(await Store.FindAsync(_session, TurnId.Parse("long"), Cancellation));
        Assert.NotNull(await Store.FindWithPromptAsync(_session, TurnId.Parse("young"), Cancellation));
    }

    [Fact]
    public async Task EraseEnded_MoreThanTheLimit_GoesOnWhereItStopped()
    {
        foreach (var turn in (string[])["a", "b", "c", "d", "e"])
        {
            await AddAsync(turn, TurnStatus.Cancelled, _noon);
        }

        Assert.False(await Store.EraseEndedAsync(_session, _noon, 3, Cancellation));
        Assert.Equal(2, (await ListAsync()).Count);
        Assert.True(await Store.EraseEndedAsync(_session, _noon, 3, Cancellation));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task EraseEnded_WhatWasWrittenForATurnThatNeverCame_GoesToo()
    {
        var (attachments, now) = (Get<IAttachmentStore>(), TimeProvider.System.GetUtcNow());
        var set = AttachmentSet.Of([new Attachment { Name = "a.txt", MediaType = "text/plain", Data = Convert.ToBase64String(new byte[900_000]) }])!;
        var (never, queued) = (TurnId.Parse("<never/1@mail>"), TurnId.Parse("queued"));
        await attachments.SaveAsync(_session, never, set, Cancellation);
        await attachments.SaveAsync(_session, queued, set, Cancellation);
        await AddAsync("queued", TurnStatus.Queued, now);
        Assert.Contains(new TurnActivity(_session, TurnActivity.HourOf(now)), await Journal.ListAsync(now, now, Cancellation).ToListAsync(Cancellation));

        // A turn may be on its way behind them.
        Assert.True(await Store.EraseEndedAsync(_session, now.AddMinutes(30), 100, Cancellation));
        Assert.NotNull(await attachments.ReadAsync(_session, never, set.Id, Cancellation));
        Assert.True(await Store.EraseEndedAsync(_session, now.AddMinutes(90), 100, Cancellation));

        Assert.Null(await attachments.ReadAsync(_session, never, set.Id, Cancellation));
        Assert.NotNull(await attachments.ReadAsync(_session, queued, set.Id, Cancellation));
    }

    [Fact]
    public async Task EraseEnded_TurnWhoseIdBeginsLikeAnother_LeavesTheOther()
    {
        await AddAsync("turn", TurnStatus.Completed, _noon, new string('x', 100_000));
        await AddAsync("turn-1", TurnStatus.Queued, _noon, new string('y', 100_000));

        await Store.EraseEndedAsync(_session, _noon, 10, Cancellation);

        Assert.Equal(new string('y', 100_000), (await Store.FindWithPromptAsync(_session, TurnId.Parse("turn-1"), Cancellation))?.Prompt);
    }

    [Fact]
    public async Task ListOpen_TurnsOfEveryKind_GivesThoseThatAreNotSettledAndOldEnough()
    {
        await AddAsync("queued", TurnStatus.Queued, _noon);
        await AddAsync("running", TurnStatus.Running, _noon.AddMinutes(1));
        await AddAsync("ended", TurnStatus.Completed, _noon);
        await AddAsync("unsent", TurnStatus.Completed, _noon, replyTo: "replies");
        await AddAsync("sent", TurnStatus.Completed, _noon, replyTo: "replies", published: true);
        await AddAsync("young", TurnStatus.Queued, _noon.AddMinutes(30));

        var open = await Store.ListOpenAsync(_noon.AddMinutes(10), s_lookBack, Cancellation).ToListAsync(Cancellation);

        Assert.All(open, turn => Assert.Equal(_session, turn.SessionId));
        Assert.Equal(["queued", "running", "unsent"], open.Select(turn => turn.TurnId.Value).Order());
    }

    [Fact]
    public async Task ListOpen_SessionWithoutNewTurns_IsNotLookedAt()
    {
        await AddAsync("queued", TurnStatus.Queued, _noon);

        Assert.Empty(await Store.ListOpenAsync(_noon.AddHours(3).AddMinutes(10), s_lookBack, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Journal_TurnsInTwoHours_NotesEachOnce()
    {
        await AddAsync("a", TurnStatus.Queued, _noon);
        await AddAsync("b", TurnStatus.Queued, _noon.AddMinutes(59));
        await AddAsync("c", TurnStatus.Queued, _noon.AddHours(1));

        var notes = await NotesAsync();
        Assert.Equal([new TurnActivity(_session, _noon), new TurnActivity(_session, _noon.AddHours(1))], notes);

        await Journal.RemoveAsync(notes[0], Cancellation);
        await Journal.RemoveAsync(notes[0], Cancellation);
        Assert.Equal([notes[1]], await NotesAsync());
    }

    private async Task<IReadOnlyList<TurnActivity>> NotesAsync() =>
        await Journal.ListAsync(_noon, _noon.AddHours(2), Cancellation).ToListAsync(Cancellation);

    private async Task<IReadOnlyList<string>> ListAsync() =>
        [.. (await Store.ListAsync(_session, null, 100, Cancellation)).Select(listing => listing.TurnId.Value)];

    private async Task AddAsync(string id, TurnStatus status, DateTimeOffset createdAt, string text = "text", string? replyTo = null, bool published = false)
    {
        var turn = new TurnRecord
        {
            SessionId = _session,
            TurnId = TurnId.Parse(id),
            Status = TurnStatus.Queued,
            RequestHash = "hash",
            ReplyTo = replyTo,
            Timings = new TurnTimings { CreatedAt = createdAt },
        };
        await Store.AddAsync(turn, text[..Math.Min(text.Length, 1_000_000)], Cancellation);
        var row = await Store.FindAsync(_session, turn.TurnId, Cancellation);
        await Store.UpdateAsync(row!, turn with { Status = status, Published = published, Reply = new Reply { Text = text, Transport = "t" } }, Cancellation);
    }
}
