using System.Net;
using System.Net.Http.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>Hosts that tell of ends for which no orchestration waits.</summary>
public sealed class CallbackTests(SharedFront running) : RunningFrontTest(running)
{
    private static readonly TurnId s_turn = TurnId.Parse("t1");

    private SessionId Id => SessionId.Parse(Session);

    [Theory(Timeout = Patience)]
    [InlineData(TurnStatus.Queued)]
    [InlineData(TurnStatus.Completed)]
    public async Task End_ToldBeforeTheTurnsOrchestrationBegan_BeginsIt(TurnStatus status)
    {
        await using var front = await StartAsync();
        await front.Turns.AddAsync(Row(status, TimeSpan.Zero), "say something", Cancellation);

        using var answer = await TellAsync(front);

        Assert.Equal(ProblemCodes.TurnNotBegun, (await RunningFront.ReadProblemAsync(answer)).Code);
        await Eventually.BecomesTrueAsync(async () => (await front.Turns.FindAsync(Id, s_turn, Cancellation))!.Value is { Status: TurnStatus.Completed, Published: true }, Cancellation);
        using var again = await TellAsync(front);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact(Timeout = Patience)]
    public async Task End_OfABackgroundTurn_SendsItsReply()
    {
        await using var front = await StartAsync();
        await front.Turns.AddEndedAsync(Row(TurnStatus.Completed, TimeSpan.Zero) with { Origin = TurnOrigin.Background }, "a task has ended", Cancellation);

        using var answer = await TellAsync(front);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.True((await front.Turns.FindAsync(Id, s_turn, Cancellation))!.Value.Published);
    }

    [Fact(Timeout = Patience)]
    public async Task End_OfATurnOfLongAgo_IsTaken()
    {
        await using var front = await StartAsync();
        await front.Turns.AddAsync(Row(TurnStatus.Completed, TimeSpan.FromHours(1)), "say something", Cancellation);

        using var answer = await TellAsync(front);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact(Timeout = Patience)]
    public async Task End_OfATurnThatIsNotThere_IsNotFound()
    {
        await using var front = await StartAsync();

        using var answer = await TellAsync(front);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private TurnRecord Row(TurnStatus status, TimeSpan age) => new()
    {
        SessionId = Id,
        TurnId = s_turn,
        Status = status,
        RequestHash = "hash",
        ReplyTo = QueueNames.Replies,
        Reply = status == TurnStatus.Completed ? new Reply { Text = "said", Transport = "stream-json" } : null,
        Timings = new TurnTimings
        {
            CreatedAt = TimeProvider.System.GetUtcNow() - age,
            FinishedAt = status == TurnStatus.Completed ? TimeProvider.System.GetUtcNow() - age : null,
        },
    };

    private async Task<HttpResponseMessage> TellAsync(RunningFront front)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add(BrokerHeaders.CallbackKey, RunningFront.CallbackKey);
        var finished = new TurnFinished { SessionId = Id.Value, TurnId = s_turn.Value, Epoch = 1, Outcome = AttemptOutcome.Completed };
        return await http.PostAsJsonAsync(new Uri(front.Url, "/api/callbacks/turns"), finished, ContractsJsonContext.Default.TurnFinished, Cancellation);
    }
}
