using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class SubOrchestrationTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.SubOrchestrations, "A sub-orchestration gets its input and knows the instance that called it.")]
    public async Task Child_Called_GetsItsInputAndParent()
    {
        var run = await Runs.RunAsync("CallChild");

        var child = run.Result<JsonElement>();
        Assert.Equal("from the parent", child.GetProperty("input").GetString());
        Assert.Equal(run.InstanceId, child.GetProperty("parent").GetString());
        Assert.Equal("CallChild", child.GetProperty("parentName").GetString());
    }

    [Conformance("https://github.com/microsoft/durabletask-dotnet/blob/main/src/Abstractions/TaskOptions.cs", "A sub-orchestration runs under the instance id that its options give.")]
    public async Task Child_WithAnId_RunsUnderIt()
    {
        var childId = NewId("child");
        var run = await Runs.RunAsync("CallChild", childId);

        Assert.Equal(childId, run.Result<JsonElement>().GetProperty("instanceId").GetString());
        var child = await Runs.GetAsync(childId);
        Assert.Equal(("Describe", "Completed"), (child!.Name, child.Status));
    }

    [Conformance("https://github.com/microsoft/durabletask-dotnet/blob/main/src/Abstractions/TaskOptions.cs#WithInstanceId", "WithInstanceId makes sub-orchestration options of task options.")]
    public async Task Child_WithAnIdByTaskOptions_RunsUnderIt()
    {
        var childId = NewId("child");
        await Runs.RunAsync("CallChildByOptions", childId);

        Assert.Equal("Completed", (await Runs.GetAsync(childId))!.Status);
    }

    [Conformance(Sources.OrchestrationContext + "#CallSubOrchestratorAsync", "Without an id, every sub-orchestration gets one of its own.")]
    public async Task Child_WithoutAnId_GetsAnother()
    {
        var first = (await Runs.RunAsync("CallChild")).Result<JsonElement>().GetProperty("instanceId").GetString();
        var second = (await Runs.RunAsync("CallChild")).Result<JsonElement>().GetProperty("instanceId").GetString();

        Assert.False(string.IsNullOrEmpty(first));
        Assert.NotEqual(first, second);
    }

    [Conformance(Sources.SubOrchestrations + "#example", "Sub-orchestrations run side by side when they are awaited together.")]
    public async Task Children_FannedOut_AllReturn() => Assert.Equal((int[])[1, 2, 3, 4], await Runs.ResultOfAsync<int[]>("CallChildren", 4));

    [Conformance(Sources.ErrorHandling + "#errors-in-orchestrator-functions", "A failed sub-orchestration is a TaskFailedException in its parent, with the child's causes.")]
    public async Task Child_ThatFails_FailsTheCallWithItsCauses()
    {
        var caught = await Runs.ResultOfAsync<JsonElement>("CatchChildFailure", "ThrowInner");

        Assert.Equal("ThrowInner", caught.GetProperty("taskName").GetString());
        Assert.Equal("System.InvalidOperationException", caught.GetProperty("details").GetProperty("errorType").GetString());
        Assert.Equal("System.FormatException", caught.GetProperty("details").GetProperty("inner").GetProperty("errorType").GetString());
    }
}
