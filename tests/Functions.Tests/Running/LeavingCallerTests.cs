using System.Net.Http.Json;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class LeavingCallerTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Caller_LeavesWhileItsTurnRuns_TheTurnGoesOnAndNoFailureIsLogged()
    {
        await using var front = await StartAsync();
        var before = Running.Process.Host.LineCount;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = WaitForAsync(front, leaving.Token);
        await front.Host().HoldsAsync("t1");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
        Assert.DoesNotContain("failed unexpectedly", Running.Process.Host.Output(before), StringComparison.Ordinal);
    }

    private async Task WaitForAsync(RunningFront front, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{Session}/turns?wait=200");
        request.Headers.Add("Idempotency-Key", "t1");
        request.Content = JsonContent.Create(new SubmitTurnRequest { Prompt = "hold" }, ContractsJsonContext.Default.SubmitTurnRequest);
        using var answer = await front.SendAsync(request, cancellationToken);
    }
}
