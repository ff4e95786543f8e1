using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class RetryTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.ErrorHandling + "#automatic-retry-on-failure", "The maximum number of attempts counts the first one.")]
    public async Task Policy_WithThreeAttempts_CallsThreeTimes()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 3 });

        Assert.Equal("failed: attempt 3", run.Result<string>());
        Assert.Equal(3, (await Calls(run)).Length);
    }

    [Conformance(Sources.RetryPolicy + "#MaxNumberOfAttempts", "One attempt is no retry.")]
    public async Task Policy_WithOneAttempt_CallsOnce()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 1 });

        Assert.Equal("failed: attempt 1", run.Result<string>());
        Assert.Single(await Calls(run));
    }

    [Conformance(Sources.ErrorHandling, "Retries end with the first attempt that succeeds.")]
    public async Task Policy_WhenAnAttemptSucceeds_TriesNoMore()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 5, succeedAt = 2 });

        Assert.Equal("succeeded at 2", run.Result<string>());
        Assert.Equal(2, (await Calls(run)).Length);
    }

    [Conformance(Sources.RetryPolicy + "#BackoffCoefficient", "Each wait is the one before times the backoff coefficient.")]
    public async Task Policy_WithBackoff_WaitsLongerEachTime()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 3, firstSeconds = 2, backoff = 2 });

        // Timers of the real back end may fire up to a second early.
        var waits = Waits(await Calls(run));
        Assert.InRange(waits[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3.9));
        Assert.InRange(waits[1], TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8));
    }

    [Conformance(Sources.RetryPolicy + "#MaxRetryInterval", "No wait is longer than the longest one allowed.")]
    public async Task Policy_WithALongestWait_StopsGrowing()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 4, firstSeconds = 0.5, backoff = 100, maxSeconds = 0.5 });

        Assert.Equal(4, (await Calls(run)).Length);
        Assert.All(Waits(await Calls(run)), wait => Assert.True(wait < TimeSpan.FromSeconds(10), $"{wait}"));
    }

    [Conformance(Sources.RetryPolicy + "#RetryTimeout", "No attempt begins after the retry timeout, even if attempts are left.")]
    public async Task Policy_WithATimeout_GivesUp()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 100, firstSeconds = 1, timeoutSeconds = 3 });

        Assert.StartsWith("failed: attempt", run.Result<string>(), StringComparison.Ordinal);
        Assert.InRange((await Calls(run)).Length, 2, 6);
    }

    [Conformance(Sources.RetryPolicy + "#HandleFailure", "A failure that HandleFailure refuses is not tried again.")]
    public async Task Policy_WhoseFilterRefuses_CallsOnce()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 5, onlyType = "System.TimeoutException" });

        Assert.Equal("failed: attempt 1", run.Result<string>());
        Assert.Single(await Calls(run));
    }

    [Conformance(Sources.RetryPolicy, "A failure that HandleFailure takes is tried again; it is judged by its type's full name.")]
    public async Task Policy_WhoseFilterTakes_TriesAgain()
    {
        var run = await Runs.RunAsync("RetryByPolicy", new { maxAttempts = 2, onlyType = "System.InvalidOperationException" });

        Assert.Equal("failed: attempt 2", run.Result<string>());
    }

    [Conformance(Sources.RetryContext, "A retry handler is told the attempt's number, from 1, and the failure; no is no.")]
    public async Task Handler_AfterEachFailure_IsToldOfIt()
    {
        var run = await Runs.RunAsync("RetryByHandler", new { maxAttempts = 2 });

        Assert.Equal("failed: attempt 2", run.Result<string>());
        Assert.Equal(
            ["1 System.InvalidOperationException attempt 1", "2 System.InvalidOperationException attempt 2"],
            (await Journal.ReadTextsAsync($"handler-{run.InstanceId}")).Distinct().Order(StringComparer.Ordinal));
    }

    [Conformance(Sources.ErrorHandling + "#custom-retry-handlers", "A handler that says yes has the activity called again, at once.")]
    public async Task Handler_ThatAllows_LeadsToSuccess()
    {
        var run = await Runs.RunAsync("RetryByHandler", new { maxAttempts = 10, succeedAt = 4 });

        Assert.Equal("succeeded at 4", run.Result<string>());
    }

    [Conformance(Sources.RetryContext + "#OrchestrationContext", "A handler may wait with a durable timer before it decides.")]
    public async Task Handler_WithATimer_WaitsBeforeTheNextAttempt()
    {
        var run = await Runs.RunAsync("RetryByWaitingHandler", new { maxAttempts = 3, firstSeconds = 2, succeedAt = 2 });

        Assert.Equal("succeeded at 2", run.Result<string>());
        Assert.True(Waits(await Calls(run))[0] >= TimeSpan.FromSeconds(1));
    }

    [Conformance(Sources.SubOrchestrations, "Sub-orchestrations are retried by the same policies as activities.")]
    public async Task Policy_ForASubOrchestration_StartsItAgain()
    {
        var run = await Runs.RunAsync("RetryChild", new { maxAttempts = 3, succeedAt = 3 });

        Assert.Equal("succeeded at 3", run.Result<string>());
    }

    private Task<JournalEntry[]> Calls(Run run) => Journal.ReadAsync($"attempts-{run.InstanceId}");

    private static TimeSpan[] Waits(JournalEntry[] calls) => [.. calls.Zip(calls.Skip(1), (first, second) => second.At - first.At)];
}
