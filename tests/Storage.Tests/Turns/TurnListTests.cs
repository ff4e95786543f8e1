using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Turns;

public sealed class TurnListTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly SessionId _session = SessionId.Parse($"history:{UniqueId()}");

    private ITurnStore Store => Get<ITurnStore>();

    [Fact]
    public async Task List_PageByPage_GivesTheNewestFirst()
    {
        for (var minute = 0; minute < 7; minute++)
        {
            await AddAsync($"turn-{minute}", s_noon.AddMinutes(minute));
        }

        var first = await Store.ListAsync(_session, null, 3, Cancellation);
        var second = await Store.ListAsync(_session, first[^1], 3, Cancellation);
        var third = await Store.ListAsync(_session, second[^1], 3, Cancellation);

        Assert.Equal(
            ["turn-6", "turn-5", "turn-4", "turn-3", "turn-2", "turn-1", "turn-0"],
            first.Concat(second).Concat(third).Select(listing => listing.TurnId.Value));
        Assert.Equal(s_noon.AddMinutes(6), first[0].CreatedAt);
    }

    [Fact]
    public async Task List_TurnsOfOneMoment_AreAllListed()
    {
        string[] turns = ["a", "b", "c", "Z", "-"];
        foreach (var turn in turns)
        {
            await AddAsync(turn, s_noon);
        }

        var first = await Store.ListAsync(_session, null, 2, Cancellation);
        var rest = await Store.ListAsync(_session, first[^1], 10, Cancellation);

        Assert.Equal(turns.Order(StringComparer.Ordinal), first.Concat(rest).Select(listing => listing.TurnId.Value));
    }

    [Fact]
    public async Task List_UnknownSession_IsEmpty()
    {
        Assert.Empty(await Store.ListAsync(_session, null, 10, Cancellation));
    }

    private async Task AddAsync(string turn, DateTimeOffset createdAt) =>
        await Store.AddAsync(
            new TurnRecord
            {
                SessionId = _session,
                TurnId = TurnId.Parse(turn),
                Status = TurnStatus.Queued,
                RequestHash = "hash",
                Timings = new TurnTimings { CreatedAt = createdAt },
            },
            new string('x', 100_000),
            Cancellation);
}
