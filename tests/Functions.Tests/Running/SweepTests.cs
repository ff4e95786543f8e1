using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Sweeps;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class SweepTests(SharedFront running) : RunningFrontTest(running)
{
    private static readonly TurnId s_turn = TurnId.Parse("t1");

    private SessionId Id => SessionId.Parse(Session);

    [Fact(Timeout = Patience)]
    public async Task Repair_TurnWhoseFrontDiedBeforeItsSignal_RunsIt()
    {
        await using var front = await StartAsync();
        await AddRowAsync(front);

        await front.Get<TurnRepair>().SweepAsync(front.Durable, Cancellation);

        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task NextTurn_BehindOneWhoseFrontDiedBeforeItsSignal_RunsThatOneFirst()
    {
        await using var front = await StartAsync();
        await AddRowAsync(front);

        await front.AcceptAsync(Session, "t2", "say two");

        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
        Assert.Equal("one", (await front.GetAsync(Session, "t1")).Reply?.Text);
        Assert.Equal(["t1", "t2"], front.Host().Received.Select(turn => turn.Request.TurnId));
    }

    [Fact(Timeout = Patience)]
    public async Task Repair_TurnThatItsHostEndedWithoutItsMailbox_SendsItsReply()
    {
        await using var front = await StartAsync();

        // At once as it is to be found: the front sweeps by itself too.
        await AddRowAsync(front, row => row with
        {
            Status = TurnStatus.Completed,
            ReplyTo = QueueNames.Replies,
            Reply = new Reply { Text = "one", Transport = "t" },
            Timings = row.Timings with { FinishedAt = row.Timings.CreatedAt },
        });

        await front.Get<TurnRepair>().SweepAsync(front.Durable, Cancellation);

        await Eventually.BecomesTrueAsync(async () => (await front.Turns.FindAsync(Id, s_turn, Cancellation))!.Value.Published, Cancellation);
        Assert.Empty(front.Host().Received);
    }

    [Fact(Timeout = Patience)]
    public async Task Repair_TurnWhoseOrchestrationHasEnded_EndsIt()
    {
        await using var front = await StartAsync();
        var instance = StorageKeys.TurnInstanceId(Id, s_turn);
        var brief = new StopTurn(SessionId.Parse("other"), TurnId.Parse("other"), ProblemCatalogue.TurnCancelled());
        await front.Durable.ScheduleNewOrchestrationInstanceAsync(nameof(StopTurn), brief, new StartOrchestrationOptions(instance), Cancellation);
        await front.Durable.WaitForInstanceCompletionAsync(instance, Cancellation);

        // Last, because the front sweeps by itself too.
        await AddRowAsync(front);

        await front.Get<TurnRepair>().SweepAsync(front.Durable, Cancellation);

        var ended = await front.EndedAsync(Session, "t1");
        Assert.Equal((TurnStatus.Failed, ProblemCodes.InternalError), (ended.Status, ended.Problem?.Code));
        Assert.Empty(front.Host().Received);
    }

    [Fact(Timeout = Patience)]
    public async Task Repair_TurnThatRunsOrWaits_LeavesItAlone()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold");
        await front.Host().HoldsAsync("t1");

        // As if half a minute had gone by: the repair looks at both.
        var later = new TurnRepair(front.Turns, front.Get<TurnPublisher>(), front.Get<IOptions<BrokerOptions>>(), new LaterTime(TimeSpan.FromMinutes(1)), NullLogger<TurnRepair>.Instance);
        await later.SweepAsync(front.Durable, Cancellation);
        await front.Host().CompleteAsync("t1", "one");
        await front.Host().CompleteAsync("t2", "two");

        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
        Assert.Equal(["t1", "t2"], front.Host().Received.Select(turn => turn.Request.TurnId));
    }

    [Fact(Timeout = Patience)]
    public async Task Repair_MailboxThatHasNotHeardOfAnEnd_GoesOn()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold");
        var held = await front.Host().HoldsAsync("t1");

        // The turn ends, and nobody is left who would tell the mailbox: as if the worker had died with that signal.
        var instance = StorageKeys.TurnInstanceId(Id, s_turn);
        await front.Durable.TerminateInstanceAsync(instance, cancellation: Cancellation);
        await front.Durable.WaitForInstanceCompletionAsync(instance, Cancellation);
        Assert.True(await front.Host().RecordAsync(held, "one", null));

        var later = new TurnRepair(front.Turns, front.Get<TurnPublisher>(), front.Get<IOptions<BrokerOptions>>(), new LaterTime(TimeSpan.FromMinutes(1)), NullLogger<TurnRepair>.Instance);
        await later.SweepAsync(front.Durable, Cancellation);

        await front.Host().CompleteAsync("t2", "two");
        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Purge_OrchestrationsThatEndedLongAgo_ForgetsThemAndNoOthers()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "say one");
        await front.EndedAsync(Session, "t1");
        await front.AcceptAsync(Session, "t2", "hold");
        await front.Host().HoldsAsync("t2");
        var ended = StorageKeys.TurnInstanceId(Id, s_turn);
        await front.Durable.WaitForInstanceCompletionAsync(ended, Cancellation);

        await front.Get<OrchestrationSweep>().SweepAsync(front.Durable, Cancellation);
        Assert.NotNull(await front.Durable.GetInstanceAsync(ended, Cancellation));
        await new OrchestrationSweep(new LaterTime(TimeSpan.FromHours(1)), NullLogger<OrchestrationSweep>.Instance).SweepAsync(front.Durable, Cancellation);

        Assert.Null(await front.Durable.GetInstanceAsync(ended, Cancellation));
        await front.Host().CompleteAsync("t2", "two");
        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
        Assert.Equal("one", (await front.GetAsync(Session, "t1")).Reply?.Text);
    }

    /// <summary>What a front leaves behind that dies right after it has stored a turn.</summary>
    private async Task AddRowAsync(RunningFront front, Func<TurnRecord, TurnRecord>? change = null)
    {
        var row = new TurnRecord
        {
            SessionId = Id,
            TurnId = s_turn,
            Status = TurnStatus.Queued,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = TimeProvider.System.GetUtcNow().AddMinutes(-1) },
        };
        await front.Turns.AddAsync(change?.Invoke(row) ?? row, "say one", after: null, Cancellation);
    }

    /// <summary>The system's clock, ahead of time.</summary>
    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
