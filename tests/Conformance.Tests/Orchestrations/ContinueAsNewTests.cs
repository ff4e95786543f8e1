using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class ContinueAsNewTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.EternalOrchestrations, "Continue-as-new runs the orchestrator again under the same id with the new input; what it returned is dropped.")]
    public async Task ContinueAsNew_FourTimes_KeepsTheIdAndTheLastOutput()
    {
        var run = await Runs.RunAsync("CountUp", 1);

        Assert.Equal("Completed", run.Status);
        Assert.Equal($"5 {run.InstanceId}", run.Result<string>());
    }

    [Conformance(Sources.OrchestrationContext + "#ContinueAsNew", "Events that nobody took are kept for the next execution if that is asked for.")]
    public async Task ContinueAsNew_PreservingEvents_KeepsThem() => Assert.Equal("item", await KeepEventsAsync(preserve: true));

    [Conformance(Sources.OrchestrationContext + "#ContinueAsNew", "Events that nobody took are dropped if keeping them is not asked for.")]
    public async Task ContinueAsNew_NotPreservingEvents_DropsThem() => Assert.Equal("none", await KeepEventsAsync(preserve: false));

    [Conformance(Sources.EternalOrchestrations + "#orchestrators-that-run-forever", "The new execution has a history of its own, and so ids of its own.")]
    public async Task ContinueAsNew_NewGuid_IsAnother()
    {
        var ids = await Runs.ResultOfAsync<string[]>("NewGuidAfterContinue");

        Assert.Equal(2, ids.Distinct().Count());
    }

    private async Task<string> KeepEventsAsync(bool preserve)
    {
        var id = await Runs.StartAsync("KeepEvents", new { preserve, second = false });
        await Runs.WaitForAsync(id, run => run.CustomStatus is not null);
        await Runs.RaiseAsync(id, "Item", "item");
        await Runs.RaiseAsync(id, "Go");
        return (await Runs.WaitAsync(id)).Result<string>();
    }
}
