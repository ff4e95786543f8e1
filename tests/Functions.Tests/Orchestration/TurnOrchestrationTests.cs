using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Tests.Orchestration;

public sealed class TurnOrchestrationTests
{
    private static readonly DateTime s_start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static readonly SessionId s_session = SessionId.Parse("session");
    private static readonly TurnId s_turn = TurnId.Parse("turn");
    private static readonly TurnPolicy s_policy = new(MaxAttempts: 3, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(2));

    private readonly FakeOrchestration _context;
    private long _epoch;

    public TurnOrchestrationTests() => _context = new FakeOrchestration(s_start, RunActivity);

    private Problem? Published => _context.Calls.Where(call => call.Name == nameof(TurnActivities.PublishReply))
        .Select(call => Assert.IsType<PublishReply>(call.Input)).Single().Problem;

    private IReadOnlyList<DispatchTurn> Dispatches =>
        [.. _context.Calls.Where(call => call.Name == nameof(TurnActivities.DispatchTurn)).Select(call => Assert.IsType<DispatchTurn>(call.Input))];

    [Fact]
    public void Callback_OfTheRunningAttempt_EndsTheTurnAndTellsTheMailbox()
    {
        var run = Run();

        Finish(epoch: 1, AttemptOutcome.Completed);

        AssertEnded(run);
        Assert.Null(Published);
        var signal = Assert.Single(_context.Signals);
        Assert.Equal((SessionEntity.IdOf(s_session), nameof(SessionEntity.Finish)), (signal.Id, signal.Operation));
        Assert.Equal(new FinishTurn(s_session, s_turn, new Placement("host-1", 1)), signal.Input);
    }

    [Fact]
    public void Callback_OfAnEarlierAttempt_DoesNotEndALaterOne()
    {
        var run = Run();
        Finish(epoch: 1, AttemptOutcome.Failed, ProblemCatalogue.ModelOverloaded("busy"));
        _context.AdvanceTo(_context.NextTimer!.Value);
        Assert.Equal(2, Dispatches.Count);

        Finish(epoch: 1, AttemptOutcome.Failed, ProblemCatalogue.ModelOverloaded("busy"));
        Finish(epoch: 1, AttemptOutcome.Completed);

        Assert.False(run.IsCompleted);
        Assert.Equal(2, Dispatches.Count);
        Finish(epoch: 2, AttemptOutcome.Completed);
        AssertEnded(run);
        Assert.Null(Published);
    }

    [Fact]
    public void Attempt_ThatFailed_IsFollowedAfterAPauseByOneElsewhereUnderANewEpoch()
    {
        _ = Run();

        Finish(epoch: 1, AttemptOutcome.Failed, ProblemCatalogue.ModelOverloaded("busy"));

        Assert.Single(Dispatches);
        Assert.Equal(s_start.AddSeconds(0.25), _context.NextTimer);
        _context.AdvanceTo(_context.NextTimer!.Value);
        Assert.True(Dispatches[1].RenewEpoch);
        Assert.Equal(["host-1"], Dispatches[1].Avoid);
    }

    [Fact]
    public void Stop_OfARunningAttempt_CancelsItAndPublishesTheReason()
    {
        var run = Run();

        _context.Raise(TurnOrchestration.StopEvent, ProblemCatalogue.TurnCancelled());

        Assert.Contains(_context.Calls, call => call.Name == nameof(TurnActivities.CancelAttempt));
        Finish(epoch: 1, AttemptOutcome.Failed, ProblemCatalogue.TurnCancelled());
        AssertEnded(run);
        Assert.Equal(ProblemCodes.TurnCancelled, Published?.Code);
    }

    [Fact]
    public void Deadline_OfARunningAttempt_CancelsItAndExpiresTheTurnThoughTheHostSaysNothing()
    {
        var deadline = s_start.AddSeconds(10);
        var run = Run(deadline);

        _context.AdvanceTo(deadline.AddSeconds(-1));
        Assert.DoesNotContain(_context.Calls, call => call.Name == nameof(TurnActivities.CancelAttempt));
        _context.AdvanceTo(deadline);

        Assert.Contains(_context.Calls, call => call.Name == nameof(TurnActivities.CancelAttempt));
        Assert.False(run.IsCompleted);
        _context.AdvanceTo(deadline.AddMinutes(1));
        AssertEnded(run);
        Assert.Equal(ProblemCodes.TurnExpired, Published?.Code);
    }

    private static void AssertEnded(Task run)
    {
        Assert.Null(run.Exception);
        Assert.True(run.IsCompletedSuccessfully);
    }

    private Task Run(DateTime? expiresAt = null) =>
        FakeOrchestration.Run(() => TurnOrchestration.RunAsync(_context, new RunTurn(s_session, s_turn, s_policy) { ExpiresAt = expiresAt }));

    private void Finish(long epoch, AttemptOutcome outcome, Problem? problem = null) =>
        _context.Raise(TurnOrchestration.TurnFinishedEvent, new TurnFinished
        {
            SessionId = s_session.Value,
            TurnId = s_turn.Value,
            Epoch = epoch,
            Outcome = outcome,
            Problem = problem,
        });

    // Each dispatch places the turn on the next host under the next epoch; no host ever says anything when it is asked.
    private object? RunActivity(string name, object? input) =>
        name switch
        {
            nameof(TurnActivities.DispatchTurn) => new DispatchOutcome { Placement = new Placement($"host-{++_epoch}", _epoch), OtherHosts = ["host-9"] },
            nameof(TurnActivities.ProbeTurn) or nameof(TurnActivities.CancelAttempt) => new ProbeOutcome(),
            _ => null,
        };
}
