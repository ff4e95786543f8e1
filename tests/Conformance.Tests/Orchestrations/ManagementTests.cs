using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class ManagementTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.InstanceManagement + "#terminate-instances", "A terminated orchestration ends as Terminated, with the output that its terminator gave.")]
    public async Task Terminate_ARunningRun_EndsItWithTheOutput()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.TerminateAsync(id, "enough");

        var run = await Runs.WaitAsync(id);
        Assert.Equal("Terminated", run.Status);
        Assert.Equal("\"enough\"", run.OutputText);
    }

    [Conformance(Sources.InstanceManagement + "#terminate-instances", "A terminated orchestration takes no more events.")]
    public async Task Terminated_Run_RefusesEvents()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.TerminateAsync(id, null);
        await Runs.WaitAsync(id);

        await Assert.ThrowsAsync<CallFailedException>(() => Runs.RaiseAsync(id, "Answer", "late"));
    }

    [Conformance(Sources.DurableHostClient, "An instance that does not exist cannot be terminated.")]
    public async Task Terminate_Nobody_IsRefused()
    {
        var id = NewId("nobody");
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Runs.TerminateAsync(id, null));

        Assert.Contains($"No instance with ID '{id}' was found", failure.Reason, StringComparison.Ordinal);
    }

    [Conformance(Sources.InstanceManagement + "#suspend-and-resume-instances", "A suspended orchestration does not go on; events wait until it is resumed.")]
    public async Task Suspended_Run_TakesEventsWhenResumed()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.SuspendAsync(id);
        await Runs.WaitForAsync(id, run => run.Status == "Suspended");
        await Runs.RaiseAsync(id, "Answer", "meanwhile");
        Assert.Equal("Suspended", (await Runs.GetAsync(id))!.Status);

        await Runs.ResumeAsync(id);

        var run = await Runs.WaitAsync(id);
        Assert.Equal(("Completed", "\"meanwhile\""), (run.Status, run.OutputText));
    }

    [Conformance(Sources.InstanceManagement + "#suspend-and-resume-instances", "A resumed orchestration is Running again.")]
    public async Task Resumed_Run_IsRunning()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.SuspendAsync(id);
        await Runs.WaitForAsync(id, run => run.Status == "Suspended");
        await Runs.ResumeAsync(id);

        await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.TerminateAsync(id, null);
    }

    [Conformance(Sources.InstanceManagement + "#suspend-and-resume-instances", "A suspended orchestration can be terminated.")]
    public async Task Suspended_Run_CanBeTerminated()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.SuspendAsync(id);
        await Runs.WaitForAsync(id, run => run.Status == "Suspended");
        await Runs.TerminateAsync(id, "out of suspension");

        Assert.Equal("Terminated", (await Runs.WaitAsync(id)).Status);
    }

    [Conformance(Sources.InstanceManagement + "#purge-instance-history", "Purging an instance that has ended removes it and counts one.")]
    public async Task Purge_AnEndedRun_RemovesIt()
    {
        var run = await Runs.RunAsync("Chain", 1);

        Assert.Equal(1, await Runs.PurgeAsync(run.InstanceId));
        Assert.Null(await Runs.GetAsync(run.InstanceId));
    }

    [Conformance(Sources.InstanceManagement + "#purge-instance-history", "Purging an instance that does not exist removes nothing.")]
    public async Task Purge_Nobody_RemovesNothing() => Assert.Equal(0, await Runs.PurgeAsync(NewId("nobody")));

    [Conformance(Sources.InstanceManagement + "#purge-instance-history", "An id is free again once its instance is purged.")]
    public async Task Purge_Then_StartAgain_IsNew()
    {
        var id = NewId();
        await Runs.RunAsync("Chain", 1, id);
        await Runs.PurgeAsync(id);

        Assert.Equal("2", (await Runs.RunAsync("Chain", 2, id)).OutputText);
    }
}
