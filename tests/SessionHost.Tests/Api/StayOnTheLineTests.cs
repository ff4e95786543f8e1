using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Api;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.SessionHost.Tests.Api;

/// <summary><c>POST /sessions/{sessionId}/turns?wait=N</c>: the answer that comes in two lines.</summary>
public sealed class StayOnTheLineTests
{
    private const string Unending = "print {}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_WithWait_SaysAtOnceThatItRunsAndThenHowItEnded()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var lines = await ReadLinesAsync(host, "a", await cluster.PrepareAsync(host, "a", "t1", "say one"), wait: 20);

        Assert.Equal([HostTurnState.Running, HostTurnState.Finished], lines.Select(line => line.State));
        Assert.Null(lines[0].Turn);
        var row = await cluster.ReadAsync("a", "t1");
        Assert.Equal("one", row.Reply?.Text);
        Assert.Equal((row.Status, row.Timings), (lines[1].Turn!.Status, lines[1].Turn!.Timings));
        Assert.Equal(JsonSerializer.Serialize(row.Attempts), JsonSerializer.Serialize(lines[1].Turn!.Attempts));
        Assert.Equal("one", lines[1].Turn!.Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_TheNextTurnOnHearingOfTheEnd_FindsTheSessionFree()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        for (var number = 1; number <= 20; number++)
        {
            var lines = await ReadLinesAsync(host, "a", await cluster.PrepareAsync(host, "a", $"t{number}", $"say {number}"), wait: 20);
            Assert.Equal($"{number}", lines[^1].Turn?.Reply?.Text);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_WithWaitOnATurnThatRuns_HearsOfTheSameEnd()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var request = await cluster.PrepareAsync(host, "a", "t1", Unending);
        await host.AcceptAsync("a", request);
        await cluster.HasProcessAsync("a");

        using var response = await OpenAsync(host, "a", request, wait: 20);
        using var cancelled = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);
        var lines = await ReadLinesAsync(response);

        // How the turn ends is for its orchestration to say; the host closes the attempt.
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(lines[^1].Turn!.Attempts).Outcome);
        Assert.Equal(TurnStatus.Running, lines[^1].Turn!.Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_WithAWaitThatIsTooShort_EndsAfterTheFirstLineAndTheTurnGoesOn()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var lines = await ReadLinesAsync(host, "a", await cluster.PrepareAsync(host, "a", "t1", Unending), wait: 1);

        Assert.Equal(HostTurnState.Running, Assert.Single(lines).State);
        Assert.Equal(HostTurnState.Running, (await host.FindAsync("a", "t1"))!.State);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_CallerWhoHangsUp_DoesNotStopTheTurn()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t0", "say zero");
        var request = await cluster.PrepareAsync(host, "a", "t1", "say one");

        using (await OpenAsync(host, "a", request, wait: 20))
        {
            // The first line is on its way; nobody reads the second.
        }

        Assert.Equal("one", (await cluster.EndAsync("a", "t1")).Reply?.Text);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("", false)]
    [InlineData("is joined", true)]
    [InlineData("wants both", true)]
    public async Task Submit_CallbackUnlessHeard_ComesOnlyWhereNobodyWasTold(string caller, bool callsBack)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        using var folder = new TempDirectory();
        var go = folder.Combine("go");
        var request = await cluster.PrepareAsync(host, "a", "t1", $"wait-for {go}\nsay one") with { CallbackUnlessHeard = caller != "wants both" };
        using var response = await OpenAsync(host, "a", request, wait: 20);
        if (caller == "is joined")
        {
            await host.AcceptAsync("a", request with { CallbackUnlessHeard = false });
        }

        await File.WriteAllTextAsync(go, string.Empty, Cancellation);
        await Eventually.BecomesTrueAsync(async () => (await cluster.ReadAsync("a", "t1")).Reply is not null, Cancellation);
        await ReadLinesAsync(response);

        // The second turn's end is told after the first one's would have been.
        await cluster.RunAsync(host, "a", "t2", "say two");
        Assert.Equal(callsBack, cluster.Callbacks.Received.Any(call => call.Finished.TurnId == "t1"));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Answer_CallerWhoHangsUp_HasNotHeard(bool hangsUp, bool heard)
    {
        var turn = new HostTurn { TurnId = "t1", Epoch = 1, State = HostTurnState.Running };
        var recorded = new TaskCompletionSource<TurnRecord?>();
        var line = new TurnLine();
        using var caller = new CancellationTokenSource();
        var http = new DefaultHttpContext { RequestAborted = caller.Token };
        http.Response.Body = new MemoryStream();
        var answering = new SubmittedTurn(turn, recorded.Task, line, TimeSpan.FromMinutes(1), TimeProvider.System).ExecuteAsync(http);
        Assert.True(line.IsOpen);
        if (hangsUp)
        {
            await caller.CancelAsync();
        }

        recorded.SetResult(new TurnRecord
        {
            SessionId = SessionId.Parse("a"),
            TurnId = TurnId.Parse("t1"),
            Status = TurnStatus.Completed,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = DateTimeOffset.UnixEpoch },
        });
        await answering;

        Assert.Equal(heard, await line.IsHeardAsync(TimeSpan.FromMinutes(1), TimeProvider.System));
        Assert.False(line.IsOpen);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_CallbackUnlessHeard_TheReplyMessageIsLeftToTheCallerForAWhile(bool staysOnTheLine)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var request = await cluster.PrepareAsync(host, "a", "t1", "say one", replyTo: "replies") with { CallbackUnlessHeard = true };

        if (staysOnTheLine)
        {
            await ReadLinesAsync(host, "a", request, wait: 20);
        }
        else
        {
            await host.AcceptAsync("a", request);
            await cluster.EndAsync("a", "t1");
        }

        var row = await cluster.ReadAsync("a", "t1");
        Assert.Equal(staysOnTheLine ? row.Timings.FinishedAt + TimeSpan.FromSeconds(10) : null, row.FollowedUntil);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_TurnThatMovedToAnotherEpochMeanwhile_TellsNoEnd()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var request = await cluster.PrepareAsync(host, "a", "t1", Unending);
        await host.AcceptAsync("a", request);
        await cluster.HasProcessAsync("a");
        await cluster.PrepareAsync(host, "a", "t1", Unending, epoch: 2);

        using var response = await OpenAsync(host, "a", request, wait: 20);
        using var cancelled = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);

        Assert.Equal(HostTurnState.Running, Assert.Single(await ReadLinesAsync(response)).State);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_WithWaitOnABusySession_IsTheSameProblem()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending));

        using var response = await OpenAsync(host, "a", await cluster.PrepareAsync(host, "a", "t2", "say two"), wait: 20);

        Assert.Equal(ProblemCodes.SessionBusy, (await RunningHost.ProblemAsync(response)).Code);
    }

    private static async Task<HttpResponseMessage> OpenAsync(RunningHost host, string session, HostTurnRequest turn, int wait)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/sessions/{session}/turns?wait={wait}");
        request.Content = JsonContent.Create(turn, ContractsJsonContext.Default.HostTurnRequest);
        return await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static async Task<IReadOnlyList<HostTurn>> ReadLinesAsync(RunningHost host, string session, HostTurnRequest turn, int wait)
    {
        using var response = await OpenAsync(host, session, turn, wait);
        return await ReadLinesAsync(response);
    }

    private static async Task<IReadOnlyList<HostTurn>> ReadLinesAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, ContractsJsonContext.Default.HostTurn)!)];
    }
}
