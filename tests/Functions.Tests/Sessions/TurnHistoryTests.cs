using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Sessions;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Sessions;

public sealed class TurnHistoryTests
{
    private static readonly SessionId s_session = SessionId.Parse("s");

    private readonly InMemoryTurnStore _turns = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_PageByPage_GivesTheNewestFirst()
    {
        await AddAsync(40);

        var first = await ReadAsync(null, 25);
        var second = await ReadAsync(first.Next, 25);

        Assert.Null(second.Next);
        Assert.Equal(
            Enumerable.Range(0, 40).Reverse().Select(index => $"turn-{index}"),
            first.Turns.Concat(second.Turns).Select(turn => turn.TurnId));
    }

    [Fact]
    public async Task Read_WithPrompts_HasThem()
    {
        await AddAsync(1);

        Assert.Equal("prompt 0", Assert.Single((await ReadAsync(null, 5, withPrompts: true)).Turns).Prompt);
        Assert.Null(Assert.Single((await ReadAsync(null, 5)).Turns).Prompt);
    }

    private Task<TurnPage> ReadAsync(string? before, int limit, bool withPrompts = false) =>
        new TurnHistory(_turns).ReadAsync(s_session, TurnListing.TryParse(before, out var listing) ? listing : null, limit, withPrompts, Cancellation);

    private async Task AddAsync(int count)
    {
        for (var index = 0; index < count; index++)
        {
            var turn = new TurnRecord
            {
                SessionId = s_session,
                TurnId = TurnId.Parse($"turn-{index}"),
                Status = TurnStatus.Completed,
                RequestHash = "hash",
                Timings = new TurnTimings { CreatedAt = SessionsFixture.Noon.AddSeconds(index) },
            };
            await _turns.AddAsync(turn, $"prompt {index}", Cancellation);
        }
    }
}
