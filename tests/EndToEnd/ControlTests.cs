using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.EndToEnd;

public sealed class ControlTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Fact(Timeout = LongTest)]
    public async Task A_running_turn_is_cancelled_and_its_process_answers_the_next_one()
    {
        var session = NewId("cancel");
        var first = await Api.AskAsync(session, "remember colour=teal");
        var slow = await StartSlowTurnAsync(session, "recall colour", "100s");

        var cancelled = await Api.CancelAsync(session, slow);

        Assert.Equal((TurnStatus.Cancelled, ProblemCodes.TurnCancelled), (cancelled.Status, cancelled.Problem?.Code));
        Assert.Equal(TurnStatus.Cancelled, (await Broker.Replies.WaitAsync(slow)).Status);
        var next = await Api.AskAsync(session, "recall colour");
        Assert.EndsWith("teal", next.Reply?.Text, StringComparison.Ordinal);
        Assert.Equal(ProcessOf(first).Pid, ProcessOf(next).Pid);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_waits_is_cancelled_and_never_reaches_the_model()
    {
        var session = NewId("cancel-waiting");
        var slow = await StartSlowTurnAsync(session, "first", "100s");
        var waiting = NewId("waiting");
        using var accepted = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = $"never {waiting}" }, waiting);

        var cancelled = await Api.CancelAsync(session, waiting);

        Assert.Equal(TurnStatus.Cancelled, cancelled.Status);
        Assert.Empty(cancelled.Attempts);
        Assert.Equal(TurnStatus.Cancelled, (await Api.CancelAsync(session, slow)).Status);
        Assert.DoesNotContain(Broker.Model.Requests, request => request.Prompt.Contains(waiting, StringComparison.Ordinal));
    }

    [Fact(Timeout = LongTest)]
    public async Task An_urgent_turn_stops_the_running_one_and_is_answered_by_the_same_process()
    {
        var session = NewId("urgent");
        var first = await Api.AskAsync(session, "hello");
        var slow = await StartSlowTurnAsync(session, "recall colour", "100s");

        using var answer = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = "urgent", OnBusy = "interrupt" }, waitSeconds: 60);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(ProcessOf(first).Pid, ProcessOf(await BrokerApi.ReadTurnAsync(answer)).Pid);
        var stopped = await WaitForEndAsync(session, slow);
        Assert.Equal((TurnStatus.Failed, ProblemCodes.Interrupted), (stopped.Status, stopped.Problem?.Code));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_does_not_want_to_wait_is_told_so_at_once()
    {
        var session = NewId("reject");
        var slow = await StartSlowTurnAsync(session, "first", "100s");

        using var answer = await Api.SubmitAsync(session, new SubmitTurnRequest { Prompt = "second", OnBusy = "reject" });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(ProblemCodes.SessionBusy, (await BrokerApi.ReadProblemAsync(answer)).Code);
        await Api.CancelAsync(session, slow);
    }

    [Fact(Timeout = LongTest)]
    public async Task A_turn_that_takes_longer_than_its_deadline_is_stopped_and_expires()
    {
        var session = NewId("deadline");
        var first = await Api.AskAsync(session, "hello");
        var request = new SubmitTurnRequest { Prompt = "slow {{model: delay=100s}}", DeadlineSeconds = 3 };

        using var answer = await Api.SubmitAsync(session, request, waitSeconds: 60);

        Assert.Equal(TurnStatus.Expired, (await BrokerApi.ReadTurnAsync(answer)).Status);
        Assert.Equal(ProcessOf(first).Pid, ProcessOf(await Api.AskAsync(session, "on")).Pid);
    }
}
