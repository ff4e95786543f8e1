using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class EventTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.ExternalEvents + "#send-events", "An event's payload reaches the orchestration that waits for its name.")]
    public async Task Event_RaisedWhileWaitedFor_BringsItsPayload()
    {
        var id = await Runs.StartAsync("WaitForOne", "Thing");
        await Runs.WaitForAsync(id, run => run.Status == "Running");
        await Runs.RaiseAsync(id, "Thing", new { x = 1 });

        Assert.Equal("""{"x":1}""", (await Runs.WaitAsync(id)).OutputText);
    }

    [Conformance(Sources.OrchestrationContext + "#WaitForExternalEvent", "An event that comes before it is waited for is kept.")]
    public async Task Event_RaisedBeforeTheWait_IsKept()
    {
        var id = await Runs.StartAsync("CollectAfterGo", 1);
        await Runs.RaiseAsync(id, "Item", "early");
        await Runs.WaitForAsync(id, run => run.CustomStatus is not null);
        await Runs.RaiseAsync(id, "Go");

        Assert.Equal(["early"], (await Runs.WaitAsync(id)).Result<string[]>());
    }

    [Conformance(Sources.OrchestrationContext, "Kept events of one name are taken in the order in which they were raised.")]
    public async Task Events_OfOneName_AreTakenInOrder()
    {
        var id = await Runs.StartAsync("CollectAfterGo", 3);
        await Runs.RaiseAsync(id, "Item", "1");
        await Runs.RaiseAsync(id, "Item", "2");
        await Runs.RaiseAsync(id, "Item", "3");
        await Runs.RaiseAsync(id, "Go");

        Assert.Equal(["1", "2", "3"], (await Runs.WaitAsync(id)).Result<string[]>());
    }

    [Conformance(Sources.Client + "#RaiseEventAsync", "Names of events are compared without regard to case.")]
    public async Task Event_InAnotherCase_IsTheSame()
    {
        var id = await Runs.StartAsync("WaitForOne", "MixedCase");
        await Runs.RaiseAsync(id, "mIXEDcASE", 5);

        Assert.Equal("5", (await Runs.WaitAsync(id)).OutputText);
    }

    [Conformance(Sources.ExternalEvents, "A payload becomes the type that is waited for.")]
    public async Task Event_WithAnObject_IsDeserialized()
    {
        var id = await Runs.StartAsync("WaitForParcel");
        await Runs.RaiseAsync(id, "Parcel", new { text = "box", count = 2 });

        Assert.Equal("box 2", (await Runs.WaitAsync(id)).Result<string>());
    }

    [Conformance(Sources.ExternalEvents + "#wait-for-events", "Several events can be waited for together.")]
    public async Task Events_AwaitedTogether_MayComeInAnyOrder()
    {
        var id = await Runs.StartAsync("WaitForBoth");
        await Runs.RaiseAsync(id, "Right", "r");
        await Runs.RaiseAsync(id, "Left", "l");

        Assert.Equal(["l", "r"], (await Runs.WaitAsync(id)).Result<string[]>());
    }

    [Conformance(Sources.ExternalEvents + "#examples", "Of several events, the first one that comes can decide.")]
    public async Task Events_OfWhichOneIsWanted_TheFirstDecides()
    {
        var id = await Runs.StartAsync("WaitForEither");
        await Runs.RaiseAsync(id, "No", "thanks");

        Assert.Equal("no thanks", (await Runs.WaitAsync(id)).Result<string>());
    }

    [Conformance(Sources.OrchestrationContextWrapper, "Of several waits for one event, the one that began last gets it.")]
    public async Task Event_WaitedForTwice_GoesToTheLastWait()
    {
        var id = await Runs.StartAsync("WaitTwice");
        await Runs.RaiseAsync(id, "Thing", "a");
        await Runs.RaiseAsync(id, "Thing", "b");

        Assert.Equal("first=b second=a", (await Runs.WaitAsync(id)).Result<string>());
    }

    [Conformance(Sources.OrchestrationContext + "#WaitForExternalEvent-timeout", "A wait with a timeout throws TaskCanceledException when the time is over.")]
    public async Task Wait_WhoseTimeIsOver_ThrowsTaskCanceled() =>
        Assert.Equal("TaskCanceledException", await Runs.ResultOfAsync<string>("WaitWithTimeout", 1));

    [Conformance(Sources.OrchestrationContext, "A wait with a timeout gives the event that comes in time, and the timer does not hold the run.")]
    public async Task Wait_WhoseEventComesInTime_ReturnsIt()
    {
        var id = await Runs.StartAsync("WaitWithTimeout", 3600);
        await Runs.RaiseAsync(id, "Answer", "in time");

        Assert.Equal("in time", (await Runs.WaitAsync(id)).Result<string>());
    }

    [Conformance(Sources.OrchestrationContext + "#WaitForExternalEvent-token", "A wait ends when its token is cancelled.")]
    public async Task Wait_WhoseTokenIsCancelled_Ends() => Assert.Equal("cancelled", await Runs.ResultOfAsync<string>("WaitCancelled"));

    [Conformance(Sources.OrchestrationContext + "#SendEvent", "An orchestration can raise an event to another.")]
    public async Task Event_SentByAnOrchestration_Arrives()
    {
        var id = await Runs.StartAsync("WaitWithTimeout", 50);
        await Runs.RunAsync("SendTo", id);

        Assert.Equal("from another orchestration", (await Runs.WaitAsync(id)).Result<string>());
    }

    [Conformance(Sources.OrchestrationContext, "An event that goes to nobody is dropped when an orchestration sends it.")]
    public async Task Event_SentToNobody_IsDropped() => Assert.Equal("sent", await Runs.ResultOfAsync<string>("SendTo", NewId("nobody")));

    [Conformance(Sources.DurableHostClient, "A client that raises an event to an instance that does not exist is told so.")]
    public async Task Event_RaisedToNobody_IsRefused()
    {
        var id = NewId("nobody");
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Runs.RaiseAsync(id, "Thing"));

        Assert.Contains($"No instance with ID '{id}' was found", failure.Reason, StringComparison.Ordinal);
    }

    [Conformance(Sources.DurableHostClient, "A client that raises an event to an instance that has ended is told so.")]
    public async Task Event_RaisedToAnEndedRun_IsRefused()
    {
        var run = await Runs.RunAsync("ReturnNull");
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Runs.RaiseAsync(run.InstanceId, "Thing"));

        Assert.Contains(run.InstanceId, failure.Reason, StringComparison.Ordinal);
        Assert.Contains("Completed", failure.Reason, StringComparison.Ordinal);
    }
}
