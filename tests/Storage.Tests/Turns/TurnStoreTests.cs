using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Turns;

public sealed class TurnStoreTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private ITurnStore Store => Get<ITurnStore>();

    [Fact]
    public async Task Add_NewTurn_IsFoundWithEveryPart()
    {
        var turn = NewTurn() with
        {
            Profile = "fast",
            ReplyTo = "replies",
            FollowedUntil = new DateTimeOffset(2026, 11, 21, 12, 0, 10, TimeSpan.Zero),
            Metadata = JsonElement.Parse("""{"thread":["a",1,null]}"""),
            OnBusy = OnBusy.Reject,
            ExpiresAt = s_noon.AddTicks(1),
            TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            AttachmentSetId = "set",
        };

        Assert.IsType<TurnAddition.Added>(await Store.AddAsync(turn, "hello", Cancellation));

        var found = await Store.FindWithPromptAsync(turn.SessionId, turn.TurnId, Cancellation);
        Assert.Equal("hello", found?.Prompt);
        AssertSame(turn, found?.Turn.Value);
    }

    [Fact]
    public async Task AddEnded_BackgroundTurn_IsFoundAndListedAndLeavesTheHead()
    {
        var first = NewTurn();
        await Store.AddAsync(first, "hello", Cancellation);
        var head = await Store.FindHeadAsync(first.SessionId, Cancellation);
        var turn = NewTurn() with
        {
            SessionId = first.SessionId,
            TurnId = TurnId.Parse("background"),
            Status = TurnStatus.Completed,
            Origin = TurnOrigin.Background,
            BegunBy = first.TurnId,
            After = first.TurnId,
            ReplyTo = "replies",
            Reply = new Reply { Text = new string('x', 100_000), Transport = "stream-json" },
        };

        await Store.AddEndedAsync(turn, "a task has ended", Cancellation);
        await Store.AddEndedAsync(turn with { RequestHash = "other" }, "again", Cancellation);

        var found = await Store.FindWithPromptAsync(turn.SessionId, turn.TurnId, Cancellation);
        Assert.Equal("a task has ended", found?.Prompt);
        AssertSame(turn, found?.Turn.Value);
        Assert.Equal(head, await Store.FindHeadAsync(first.SessionId, Cancellation));
        Assert.Contains(await Store.ListAsync(first.SessionId, null, 10, Cancellation), listed => listed.TurnId == turn.TurnId);
        var open = await Store.ListOpenAsync(turn.Timings.CreatedAt.AddHours(1), TimeSpan.FromHours(2), Cancellation).Select(row => row.TurnId).ToListAsync(Cancellation);
        Assert.Contains(turn.TurnId, open);
    }

    [Fact]
    public async Task Add_SameTurnAgain_GivesTheFirst()
    {
        var turn = NewTurn();
        await Store.AddAsync(turn, "first", Cancellation);

        var again = await Store.AddAsync(turn with { RequestHash = "other" }, "second", Cancellation);

        var existing = Assert.IsType<TurnAddition.Existed>(again);
        Assert.Equal(turn.RequestHash, existing.Turn.Value.RequestHash);
        Assert.Equal("first", (await Store.FindWithPromptAsync(turn.SessionId, turn.TurnId, Cancellation))?.Prompt);
    }

    [Fact]
    public async Task Add_SameTurnManyTimesAtOnce_ExactlyOneIsTheFirst()
    {
        var turn = NewTurn();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.AddAsync(turn, "hi", Cancellation)));

        Assert.Single(answers, answer => answer is TurnAddition.Added);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32 * 1024)]
    [InlineData(100_000)]
    [InlineData(1024 * 1024)]
    public async Task Add_PromptOfAnyLength_ComesBackWhole(int length)
    {
        var turn = NewTurn();
        var prompt = Text(length);

        await Store.AddAsync(turn, prompt, Cancellation);

        Assert.Equal(prompt, (await Store.FindWithPromptAsync(turn.SessionId, turn.TurnId, Cancellation))?.Prompt);
    }

    [Fact]
    public async Task Add_SameTurnIdInTwoSessions_AreTwoTurns()
    {
        var one = NewTurn();
        var other = one with { SessionId = SessionId.Parse(UniqueId()) };

        Assert.IsType<TurnAddition.Added>(await Store.AddAsync(one, "one", Cancellation));
        Assert.IsType<TurnAddition.Added>(await Store.AddAsync(other, "other", Cancellation));
        Assert.Equal("other", (await Store.FindWithPromptAsync(other.SessionId, other.TurnId, Cancellation))?.Prompt);
    }

    [Theory]
    [InlineData("UPPER", "upper")]
    [InlineData("a:b@c.d-e_f", "a:b@c.d-e-f")]
    [InlineData("...", "..-")]
    public async Task Add_IdsThatLookAlike_AreKeptApart(string one, string other)
    {
        var session = SessionId.Parse(UniqueId());
        var first = NewTurn() with { SessionId = session, TurnId = TurnId.Parse(one) };
        await Store.AddAsync(first, "one", Cancellation);

        Assert.Null(await Store.FindAsync(session, TurnId.Parse(other), Cancellation));
        Assert.NotNull(await Store.FindAsync(session, first.TurnId, Cancellation));
    }

    [Fact]
    public async Task Head_OfASessionWithoutTurns_IsNull()
    {
        Assert.Null(await Store.FindHeadAsync(SessionId.Parse(UniqueId()), Cancellation));
    }

    [Fact]
    public async Task Head_AfterEachTurn_NamesTheNewest()
    {
        var first = NewTurn();
        var second = first with { TurnId = TurnId.Parse("turn-2") };

        var afterFirst = Assert.IsType<TurnAddition.Added>(await Store.AddAsync(first, "1", Cancellation)).Head;
        Assert.Equal(afterFirst, await Store.FindHeadAsync(first.SessionId, Cancellation));

        var afterSecond = Assert.IsType<TurnAddition.Added>(await Store.AddAsync(second, "2", afterFirst, Cancellation)).Head;
        Assert.Equal(afterSecond, await Store.FindHeadAsync(first.SessionId, Cancellation));
        Assert.Equal((first.TurnId, second.TurnId), (afterFirst.TurnId, afterSecond.TurnId));
    }

    [Fact]
    public async Task Add_AfterATurnThatIsNoLongerTheNewest_IsOvertakenAndWritesNothing()
    {
        var first = NewTurn();
        var other = first with { TurnId = TurnId.Parse("other") };
        var late = first with { TurnId = TurnId.Parse("late") };
        var head = Assert.IsType<TurnAddition.Added>(await Store.AddAsync(first, "1", Cancellation)).Head;
        await Store.AddAsync(other, "2", Cancellation);

        Assert.IsType<TurnAddition.Overtaken>(await Store.AddAsync(late, "3", head, Cancellation));

        Assert.Null(await Store.FindAsync(late.SessionId, late.TurnId, Cancellation));
        Assert.Equal(other.TurnId, (await Store.FindHeadAsync(first.SessionId, Cancellation))?.TurnId);
    }

    [Fact]
    public async Task Add_AfterATurnOfASessionThatIsGone_IsOvertaken()
    {
        Assert.IsType<TurnAddition.Overtaken>(
            await Store.AddAsync(NewTurn(), "1", new TurnHead(TurnId.Parse("gone"), "W/\"datetime'2026-11-21T12%3A00%3A00Z'\""), Cancellation));
    }

    [Fact]
    public async Task DropHead_OnceOrTwice_MakesTheRememberedHeadOld()
    {
        var first = NewTurn();
        var second = first with { TurnId = TurnId.Parse("turn-2") };
        var head = Assert.IsType<TurnAddition.Added>(await Store.AddAsync(first, "1", Cancellation)).Head;

        await Store.DropHeadAsync(first.SessionId, Cancellation);
        await Store.DropHeadAsync(first.SessionId, Cancellation);

        Assert.Null(await Store.FindHeadAsync(first.SessionId, Cancellation));
        Assert.IsType<TurnAddition.Overtaken>(await Store.AddAsync(second, "2", head, Cancellation));
        Assert.IsType<TurnAddition.Added>(await Store.AddAsync(second, "2", Cancellation));
    }

    [Fact]
    public async Task Add_SameTurnAgainAfterATurnThatIsNoLongerTheNewest_GivesTheFirst()
    {
        var first = NewTurn();
        var second = first with { TurnId = TurnId.Parse("turn-2") };
        var head = Assert.IsType<TurnAddition.Added>(await Store.AddAsync(first, "1", Cancellation)).Head;
        await Store.AddAsync(second, "2", head, Cancellation);

        Assert.IsType<TurnAddition.Existed>(await Store.AddAsync(second, "2", head, Cancellation));
    }

    [Fact]
    public async Task Add_FirstTurnOfASessionThatHasOne_IsOvertaken()
    {
        var first = NewTurn();
        await Store.AddAsync(first, "1", Cancellation);

        Assert.IsType<TurnAddition.Overtaken>(await Store.AddAsync(first with { TurnId = TurnId.Parse("turn-2") }, "2", after: null, Cancellation));
    }

    [Fact]
    public async Task Add_TurnBehindOpenOnes_KeepsThem()
    {
        var turn = NewTurn() with
        {
            OpenBefore = [new TurnTicket(TurnId.Parse("a")) { OnBusy = OnBusy.Interrupt }, new TurnTicket(TurnId.Parse("b")) { ExpiresAt = s_noon }],
        };
        await Store.AddAsync(turn, "1", Cancellation);
        var read = await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation);

        await Store.UpdateAsync(read!, read!.Value with { Epoch = 1 }, Cancellation);

        Assert.Equal(turn.OpenBefore, (await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation))?.Value.OpenBefore);
    }

    [Fact]
    public async Task Add_ManyTurnsAfterTheSameOne_ExactlyOneFollowsIt()
    {
        var first = NewTurn();
        var head = Assert.IsType<TurnAddition.Added>(await Store.AddAsync(first, "1", Cancellation)).Head;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(index =>
            Store.AddAsync(first with { TurnId = TurnId.Parse($"next-{index}") }, "2", head, Cancellation)));

        Assert.Single(answers, answer => answer is TurnAddition.Added);
        Assert.Equal(9, answers.Count(answer => answer is TurnAddition.Overtaken));
    }

    [Fact]
    public async Task Find_UnknownTurn_IsNull()
    {
        Assert.Null(await Store.FindAsync(SessionId.Parse(UniqueId()), TurnId.Parse("x"), Cancellation));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40_000)]
    [InlineData(2_000_000)]
    public async Task Update_ReplyOfAnyLength_ComesBackWholeAndKeepsThePrompt(int length)
    {
        var turn = NewTurn();
        await Store.AddAsync(turn, "the prompt", Cancellation);
        var read = await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation);
        var ended = turn with
        {
            Status = TurnStatus.Completed,
            Epoch = 3,
            Reply = new Reply
            {
                Text = Text(length),
                Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2, CacheReadTokens = 3, CacheWriteTokens = 4 },
                CostUsd = 0.001234m,
                Transport = "stream-json",
                Notices = ["began afresh"],
            },
            Attempts =
            [
                new TurnAttempt
                {
                    Number = 1,
                    HostId = "host-1",
                    Epoch = 3,
                    StartedAt = s_noon,
                    FinishedAt = s_noon.AddSeconds(1),
                    Outcome = AttemptOutcome.Completed,
                    Process = new TurnProcess { Pid = 42, StartedAt = s_noon, Turn = 7, Resumed = true },
                },
            ],
            Timings = turn.Timings with { StartedAt = s_noon, FinishedAt = s_noon.AddSeconds(1), ModelMs = 12, ProcessMs = 20.5 },
        };

        await Store.UpdateAsync(read!, ended, Cancellation);

        var found = await Store.FindWithPromptAsync(turn.SessionId, turn.TurnId, Cancellation);
        AssertSame(ended, found?.Turn.Value);
        Assert.Equal("the prompt", found?.Prompt);
    }

    [Fact]
    public async Task Update_FailedTurn_KeepsTheProblem()
    {
        var turn = NewTurn();
        await Store.AddAsync(turn, "p", Cancellation);
        var read = await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation);
        var failed = turn with { Status = TurnStatus.Failed, Problem = ProblemCatalogue.ModelRateLimited("slow down", 30) };

        await Store.UpdateAsync(read!, failed, Cancellation);

        AssertSame(failed, (await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation))?.Value);
    }

    [Fact]
    public async Task Update_StaleRead_ConflictsAndChangesNothing()
    {
        var turn = NewTurn();
        await Store.AddAsync(turn, "p", Cancellation);
        var read = await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation);
        await Store.UpdateAsync(read!, turn with { Epoch = 1 }, Cancellation);

        var conflict = await Assert.ThrowsAsync<ConcurrencyConflictException>(
            () => Store.UpdateAsync(read!, turn with { Epoch = 2, Reply = new Reply { Text = Text(50_000), Transport = "x" } }, Cancellation));

        Assert.Equal(read!.ETag, conflict.HeldETag);
        Assert.Equal(1, (await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation))?.Value.Epoch);
    }

    [Fact]
    public async Task Update_ReturnedTag_IsGoodForTheNextUpdate()
    {
        var turn = NewTurn();
        await Store.AddAsync(turn, "p", Cancellation);
        var read = await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation);

        var first = await Store.UpdateAsync(read!, turn with { Epoch = 1 }, Cancellation);
        var second = await Store.UpdateAsync(first, turn with { Epoch = 2, Reply = new Reply { Text = Text(50_000), Transport = "x" } }, Cancellation);
        await Store.UpdateAsync(second, turn with { Epoch = 3 }, Cancellation);

        Assert.Equal(3, (await Store.FindAsync(turn.SessionId, turn.TurnId, Cancellation))?.Value.Epoch);
    }

    [Fact]
    public async Task Update_TurnThatIsGone_Conflicts()
    {
        var turn = NewTurn();

        await Assert.ThrowsAsync<ConcurrencyConflictException>(
            () => Store.UpdateAsync(new Versioned<TurnRecord>(turn, "W/\"x\""), turn, Cancellation));
    }

    private static TurnRecord NewTurn() => new()
    {
        SessionId = SessionId.Parse($"room:{UniqueId()}@example.com"),
        TurnId = TurnId.Parse("turn-1"),
        Status = TurnStatus.Queued,
        RequestHash = "hash",
        Timings = new TurnTimings { CreatedAt = s_noon },
    };

    // Two-byte and four-byte characters, so that a piece can end in the middle of one.
    private static string Text(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(index => (index % 7) switch { 0 => 'é', 3 => '中', _ => 'a' }));

    private static void AssertSame(TurnRecord expected, TurnRecord? actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
}
