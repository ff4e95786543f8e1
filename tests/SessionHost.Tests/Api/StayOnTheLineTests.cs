using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

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
