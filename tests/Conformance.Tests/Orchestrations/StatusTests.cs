using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class StatusTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.CustomStatus, "The custom status that was set last can be read while the orchestration runs.")]
    public async Task CustomStatus_WhileRunning_IsTheLastOne()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        var run = await Runs.WaitForAsync(id, run => run.CustomStatus is not null);
        await Runs.RaiseAsync(id, "Answer", "done");

        Assert.Equal("""{"phase":"waiting","step":2}""", run.StatusText);
    }

    [Conformance(Sources.CustomStatus + "#sample", "The custom status stays when the orchestration has completed.")]
    public async Task CustomStatus_AfterTheEnd_Stays()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.RaiseAsync(id, "Answer", "done");

        Assert.Equal("""{"phase":"waiting","step":2}""", (await Runs.WaitAsync(id)).StatusText);
    }

    [Conformance(Sources.OrchestrationContext + "#SetCustomStatus", "Setting the custom status to null takes it away.")]
    public async Task CustomStatus_SetToNull_IsGone()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        await Runs.RaiseAsync(id, "Answer", "clear");

        Assert.True((await Runs.WaitAsync(id)).CustomStatus is null or { ValueKind: JsonValueKind.Null });
    }

    [Conformance(Sources.CustomStatus, "A failed orchestration keeps its custom status beside its failure.")]
    public async Task CustomStatus_OfAFailedRun_Stays()
    {
        var run = await Runs.RunAsync("ReportAndFail");

        Assert.Equal("Failed", run.Status);
        Assert.Equal("\"about to fail\"", run.StatusText);
        Assert.Equal("failed after a report", run.Failure!.ErrorMessage);
    }

    [Conformance(Sources.OrchestrationMetadata, "Metadata have name, id, input and output, and times in order.")]
    public async Task Metadata_OfACompletedRun_AreComplete()
    {
        var before = Now.AddSeconds(-5);
        var run = await Runs.RunAsync("Chain", 2);

        Assert.Equal(("Chain", "2", "2"), (run.Name, run.Input!.Value.GetRawText(), run.OutputText));
        Assert.True(run.CreatedAt >= before && run.LastUpdatedAt >= run.CreatedAt, $"{before} {run.CreatedAt} {run.LastUpdatedAt}");
    }

    [Conformance(Sources.OrchestrationMetadata + "#IsCompleted", "IsCompleted and IsRunning say in which half of its life an instance is.")]
    public async Task Metadata_FlagsOfARun_FollowItsStatus()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        var running = await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.RaiseAsync(id, "Answer", "done");
        var ended = await Runs.WaitAsync(id);

        Assert.Equal((true, false), (running.IsRunning, running.IsCompleted));
        Assert.Equal((false, true), (ended.IsRunning, ended.IsCompleted));
    }

    [Conformance(Sources.Client + "#GetInstanceAsync", "Inputs and outputs are read only when they are asked for.")]
    public async Task Metadata_WithoutInputsAndOutputs_LeaveThemOut()
    {
        var run = await Runs.RunAsync("Chain", 2);
        var bare = await Runs.GetAsync(run.InstanceId, bare: true);

        Assert.Equal("Completed", bare!.Status);
        Assert.Null(bare.Input);
        Assert.Null(bare.Output);
    }

    [Conformance(Sources.Client + "#GetInstanceAsync", "An instance that does not exist has no metadata.")]
    public async Task Metadata_OfNobody_AreNull() => Assert.Null(await Runs.GetAsync(NewId("nobody")));
}
