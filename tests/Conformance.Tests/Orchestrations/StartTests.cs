using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class StartTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.InstanceManagement + "#start-instances", "An orchestration runs under the instance id that its starter gives.")]
    public async Task Start_WithAnId_UsesIt()
    {
        var id = NewId("Given.ID");

        Assert.Equal(id, await Runs.StartAsync("ReturnNull", id: id));
        Assert.Equal(id, (await Runs.WaitAsync(id)).InstanceId);
    }

    [Conformance(Sources.Orchestrations + "#instance-ids", "Without an id, every start makes another instance.")]
    public async Task Start_WithoutAnId_MakesOne()
    {
        var first = await Runs.StartAsync("ReturnNull");
        var second = await Runs.StartAsync("ReturnNull");

        Assert.NotEqual(first, second);
        Assert.NotEmpty(first);
    }

    [Conformance(Sources.Client + "#ScheduleNewOrchestrationInstanceAsync", "An instance that is not at its end cannot be started again.")]
    public async Task Start_OfARunningInstance_IsRefused()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Runs.StartAsync("ReturnNull", id: id));
        await Runs.RaiseAsync(id, "Answer", "done");

        Assert.Equal("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", failure.Type);
        Assert.Equal($"An Orchestration instance with the ID {id} already exists.", failure.Reason);
        Assert.Equal("Completed", (await Runs.WaitAsync(id)).Status);
    }

    [Conformance(Sources.Client + "#ScheduleNewOrchestrationInstanceAsync", "An instance that has ended may be started again, and is a new one.")]
    public async Task Start_OfAnEndedInstance_ReplacesIt()
    {
        var id = NewId();
        await Runs.RunAsync("Chain", 1, id);

        var again = await Runs.RunAsync("Chain", 3, id);

        Assert.Equal("3", again.OutputText);
    }

    [Conformance(Sources.DurableHostClient, "Starting an orchestrator that there is none of is refused by name.")]
    public async Task Start_OfAnUnknownOrchestrator_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Runs.StartAsync("NoSuchOrchestrator"));

        Assert.Contains("NoSuchOrchestrator", failure.Reason, StringComparison.Ordinal);
    }

    [Conformance(Sources.Orchestrations + "#instance-ids", "Instance ids may not begin with @ and may not hold /, \\, # or ?.")]
    public async Task Start_WithAnUnusableId_IsRefused()
    {
        foreach (var id in (string[])["@starts-so", "has/slash", "has#hash", "has?question"])
        {
            await Assert.ThrowsAsync<CallFailedException>(() => Runs.StartAsync("ReturnNull", id: id));
        }
    }

    [Conformance("https://github.com/microsoft/durabletask-dotnet/blob/main/src/Abstractions/TaskOptions.cs#StartAt", "A start for later waits for its time, as Pending.")]
    public async Task Start_ForLater_Waits()
    {
        var begun = Now;
        var id = await Runs.StartAsync("Describe", startAt: begun.AddSeconds(4));
        Assert.Equal("Pending", (await Runs.GetAsync(id))!.Status);

        await Runs.WaitAsync(id);

        // Delayed messages of the real back end may come up to a second early.
        Assert.True(Now - begun >= TimeSpan.FromSeconds(2.5));
    }

    [Conformance(Sources.Client + "#WaitForInstanceStartAsync", "Waiting for the start ends when the orchestration has left Pending.")]
    public async Task WaitForStart_OfANewRun_ReturnsItNotPending()
    {
        var id = await Runs.StartAsync("ReportAndWait");
        var run = await Runs.WaitForStartAsync(id);
        await Runs.RaiseAsync(id, "Answer", "done");

        Assert.NotEqual("Pending", run.Status);
    }

    [Conformance(Sources.Client + "#WaitForInstanceCompletionAsync", "Waiting for an instance that has ended returns at once.")]
    public async Task WaitForCompletion_OfAnEndedRun_ReturnsIt()
    {
        var run = await Runs.RunAsync("Chain", 1);

        Assert.Equal("1", (await Runs.WaitAsync(run.InstanceId)).OutputText);
    }

    [Conformance(Sources.Versioning, "An orchestration sees the version that it was started with.")]
    public async Task Start_WithAVersion_IsSeenByTheRun()
    {
        var run = await Runs.RunAsync("Describe", version: "2.1");

        Assert.Equal("2.1", run.Result<JsonElement>().GetProperty("version").GetString());
    }
}
