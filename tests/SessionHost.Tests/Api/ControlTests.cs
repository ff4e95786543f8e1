using System.Net;
using System.Net.Http.Json;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Api;

/// <summary>Turns that are stopped, and what a host shows of its sessions.</summary>
public sealed class ControlTests
{
    private const string Unending = "print {}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Cancel_RunningTurn_EndsItAsCancelledAndKeepsTheProcess()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        cluster.InterruptGrace = new InterruptGrace(TestTimeouts.Default);
        var host = await cluster.AddHostAsync("host-1");
        var first = await cluster.RunAsync(host, "a", "t1", "say one");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t2", Unending));
        await using var listener = await EventListener.OpenAsync(host, "a", "t2");

        var (status, turn) = await CancelAsync(host, "a", "t2");
        var ended = Assert.IsType<TurnEvent.Failed>(await listener.EndAsync());
        var finished = await cluster.Callbacks.WaitAsync("t2");

        Assert.Equal((HttpStatusCode.Accepted, HostTurnState.Running), (status, turn!.State));
        Assert.Equal(AttemptOutcome.Cancelled, finished.Outcome);
        Assert.Equal(ProblemCodes.TurnCancelled, finished.Problem!.Code);
        Assert.Equal(AttemptOutcome.Cancelled, ended.Outcome);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single((await cluster.ReadAsync("a", "t2")).Attempts).Outcome);
        var third = await cluster.RunAsync(host, "a", "t3", "say three");
        Assert.Equal(first.Attempts[0].Process!.Pid, third.Attempts[0].Process!.Pid);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Cancel_TurnThatHasEndedOrWasNeverThere_ChangesNothing()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "say one");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t2", Unending));

        // What ran before is known until the next turn has ended.
        var (status, ended) = await CancelAsync(host, "a", "t1");
        var (unknown, _) = await CancelAsync(host, "a", "t9");

        Assert.Equal((HttpStatusCode.OK, HostTurnState.Finished), (status, ended!.State));
        Assert.Equal(AttemptOutcome.Completed, ended.Finished!.Outcome);
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Equal(HostTurnState.Running, (await host.FindAsync("a", "t2"))!.State);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Sessions_AreShownWithWhatTheyDo()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Permissions=relay");
        await cluster.RunAsync(host, "idle", "t1", "say one");
        await host.AcceptAsync("running", await cluster.PrepareAsync(host, "running", "t1", Unending));
        await host.AcceptAsync("waiting", await cluster.PrepareAsync(host, "waiting", "t1", "ask"));

        IReadOnlyList<HostSession> sessions = [];
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                sessions = (await host.Http.GetFromJsonAsync("/sessions", ContractsJsonContext.Default.IReadOnlyListHostSession, Cancellation))!;
                return sessions.Select(session => session.State)
                        .SequenceEqual([HostSessionState.Idle, HostSessionState.Running, HostSessionState.WaitingForPermission])
                    && sessions.All(session => session is { Process.Turn: 1, ResidentBytes: not null });
            },
            Cancellation);

        Assert.Equal(["idle", "running", "waiting"], sessions.Select(session => session.SessionId));
        Assert.Equal([null, "t1", "t1"], sessions.Select(session => session.TurnId));
        Assert.All(sessions, session => Assert.Equal("default", session.Profile));
        Assert.All(sessions, session => Assert.InRange(session.ResidentBytes!.Value, 1_000_000, 1_000_000_000));
        Assert.All(sessions, session => Assert.Equal(1, session.Process!.Turn));
        var one = await host.Http.GetFromJsonAsync("/sessions/idle", ContractsJsonContext.Default.HostSession, Cancellation);
        Assert.Equal(sessions[0].Process, one!.Process);
        using var none = await host.Http.GetAsync("/sessions/nobody", Cancellation);
        Assert.Equal(ProblemCodes.SessionNotFound, (await RunningHost.ProblemAsync(none)).Code);
    }

    private static async Task<(HttpStatusCode Status, HostTurn? Turn)> CancelAsync(RunningHost host, string session, string turnId)
    {
        using var response = await host.Http.PostAsync($"/sessions/{session}/turns/{turnId}/cancel", null, Cancellation);
        return (response.StatusCode, response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.HostTurn, Cancellation)
            : null);
    }
}
