using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Entities;

public sealed class LockTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.DurableEntities + "#entity-coordination", "Critical sections on one entity do not overlap.")]
    public async Task Sections_OfManyOrchestrations_DoNotOverlap()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 0);
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Runs.RunAsync("LockAndAdd", key)));

        Assert.Equal(Enumerable.Range(1, 8), runs.Select(run => run.Result<int>()).Order());
        Assert.Equal(8, (await Entities.StateAsync(key))!.Value);
    }

    [Conformance(Sources.DurableEntities + "#critical-sections", "Two entities locked in either order do not deadlock.")]
    public async Task Sections_OverTwoEntities_DoNotDeadlock()
    {
        var (one, two) = (NewId("a"), NewId("b"));
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(index =>
            Runs.RunAsync("Transfer", index % 2 == 0 ? new[] { one, two } : [two, one])));

        Assert.All(runs, run => Assert.Equal("Completed", run.Status));
        Assert.Equal(0, (await Entities.StateAsync(one))!.Value + (await Entities.StateAsync(two))!.Value);
    }

    [Conformance(Sources.EntityFeature + "#InCriticalSection", "InCriticalSection is true inside only, and gives the entities that may be called.")]
    public async Task InCriticalSection_Inside_GivesTheLockedOnes() =>
        Assert.Equal((bool[])[false, true, true, false], await Runs.ResultOfAsync<bool[]>("LockStates", NewId()));

    [Conformance(Sources.DurableEntities + "#critical-section-rules", "A critical section may not call entities that it has not locked.")]
    public async Task Section_ThatCallsAnother_IsRefused() => await AssertRefusedAsync("call another");

    [Conformance(Sources.DurableEntities + "#critical-section-rules", "Critical sections cannot be nested.")]
    public async Task Section_InsideASection_IsRefused() => await AssertRefusedAsync("lock again");

    [Conformance(Sources.DurableEntities + "#critical-section-rules", "A critical section may not call sub-orchestrations.")]
    public async Task Section_ThatCallsAChild_IsRefused() => await AssertRefusedAsync("call a child");

    [Conformance(Sources.DurableEntities + "#critical-section-rules", "A critical section may not signal the entities that it has locked.")]
    public async Task Section_ThatSignalsTheLocked_IsRefused() => await AssertRefusedAsync("signal the locked");

    [Conformance(Sources.DurableEntities + "#critical-section-rules", "A critical section may not call one entity twice at once.")]
    public async Task Section_ThatCallsTwiceAtOnce_IsRefused() => await AssertRefusedAsync("call twice at once");

    [Conformance(Sources.EntityContextWrapper, "A critical section may signal entities that it has not locked.")]
    public async Task Section_ThatSignalsAnother_Goes() =>
        Assert.Equal("allowed", await Runs.ResultOfAsync<string>("BreakLockRules", new { rule = "signal another", key = NewId() }));

    [Conformance(Sources.DurableEntities + "#critical-sections", "A critical section that ends with an exception releases its locks.")]
    public async Task Section_ThatThrows_ReleasesItsLocks()
    {
        var key = NewId();
        Assert.Equal("Failed", (await Runs.RunAsync("LockAndFail", key)).Status);

        Assert.Equal("3", (await Entities.CallAsync(key, "Add", 3)).OutputText);
    }

    [Conformance(Sources.DurableEntities + "#locking-behavior", "Operations for a locked entity wait until it is released.")]
    public async Task Entity_WhileLocked_KeepsOthersWaiting()
    {
        var key = NewId();
        var holder = await Runs.StartAsync("LockAndWait", key);
        await Runs.WaitForAsync(holder, run => run.StatusText == "\"locked\"");
        await Entities.SignalAsync(key, "Add", 6);
        Assert.Null(await Entities.StateAsync(key));

        await Runs.RaiseAsync(holder, "Go", "on");

        await Entities.WaitForValueAsync(key, 6);
    }

    private async Task AssertRefusedAsync(string rule) => Assert.StartsWith(
        "InvalidOperationException", await Runs.ResultOfAsync<string>("BreakLockRules", new { rule, key = NewId() }), StringComparison.Ordinal);
}
