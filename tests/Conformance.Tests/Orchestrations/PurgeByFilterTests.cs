using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

/// <summary>Runs alone: a filter's times take in what other cases start meanwhile.</summary>
[Collection(nameof(AloneCollection))]
public sealed class PurgeByFilterTests(ConformanceHost host) : ConformanceTest(host)
{
    private const int Completed = 1;
    private const int Failed = 3;

    [Conformance(Sources.InstanceManagement + "#purge-instance-history", "Purging by filter removes what was created in the time and is in a status of the filter.")]
    public async Task Purge_ByTimeAndStatus_RemovesNoOthers()
    {
        var before = await Runs.RunAsync("ThrowInner");
        var from = before.CreatedAt.AddMilliseconds(2);
        var completed = await Runs.RunAsync("Chain", 1);
        var failed = await Runs.RunAsync("ThrowInner");
        var other = await Runs.RunAsync("ThrowInner");

        var purged = await Runs.PurgeManyAsync(new { createdFrom = from, createdTo = Now.AddMinutes(1), statuses = new[] { Failed } });

        Assert.Equal(2, purged);
        Assert.Null(await Runs.GetAsync(failed.InstanceId));
        Assert.Null(await Runs.GetAsync(other.InstanceId));
        Assert.NotNull(await Runs.GetAsync(before.InstanceId));
        Assert.NotNull(await Runs.GetAsync(completed.InstanceId));
    }

    [Conformance(Sources.InstanceManagement + "#purge-instance-history", "Purging by filter leaves what has not ended.")]
    public async Task Purge_ByTime_LeavesRunningRuns()
    {
        var from = Now;
        var id = await Runs.StartAsync("ReportAndWait");
        var running = await Runs.WaitForAsync(id, run => run.Status == "Running");
        var ended = await Runs.RunAsync("Chain", 1);

        await Runs.PurgeManyAsync(new { createdFrom = from, createdTo = Now.AddMinutes(1), statuses = new[] { Completed } });

        Assert.NotNull(await Runs.GetAsync(running.InstanceId));
        Assert.Null(await Runs.GetAsync(ended.InstanceId));
        await Runs.TerminateAsync(id, null);
    }
}
