using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Entities;

public sealed class EntityTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.DurableEntities + "#calling-entities", "Calling an operation returns its result and keeps its state.")]
    public async Task Call_Twice_AddsUp()
    {
        var key = NewId();

        Assert.Equal("5", (await Entities.CallAsync(key, "Add", 5)).OutputText);
        Assert.Equal("7", (await Entities.CallAsync(key, "Add", 2)).OutputText);
        Assert.Equal(7, (await Entities.StateAsync(key))!.Value);
    }

    [Conformance(Sources.DurableEntities + "#signaling-entities", "A client signals without waiting for the operation.")]
    public async Task Signal_ByAClient_IsRun()
    {
        var key = NewId();
        await Entities.SignalAsync(key, "Add", 3);

        await Entities.WaitForValueAsync(key, 3);
    }

    [Conformance(Sources.DurableEntities + "#accessing-entities", "An entity runs one operation at a time, so no signal is lost.")]
    public async Task Signals_ManyAtOnce_AllCount()
    {
        var key = NewId();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Entities.SignalAsync(key, "Add", 1)));

        await Entities.WaitForValueAsync(key, 20);
    }

    [Conformance(Sources.DurableEntities + "#message-delivery", "What one orchestration sends to one entity arrives in order.")]
    public async Task Signals_OfOneOrchestration_RunInOrder()
    {
        var state = await Runs.ResultOfAsync<TallyState>("SignalThenCall", NewId());

        Assert.Equal(15, state.Value);
        Assert.Equal(["initialized", "add 1", "add 2", "add 3", "add 4", "add 5"], state.Log);
    }

    [Conformance(Sources.TaskEntity + "#InitializeState", "The first operation finds the state that InitializeState makes.")]
    public async Task State_OfANewEntity_IsTheInitialOne()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 1);

        Assert.Equal(["initialized", "add 1"], (await Entities.StateAsync(key))!.Log);
    }

    [Conformance(Sources.DotNetEntities, "A signal for later waits for its time.")]
    public async Task Signal_ForLater_Waits()
    {
        var key = NewId();
        var begun = Now;
        await Entities.SignalEntityAsync("Tally", key, "Add", 4, begun.AddSeconds(3));
        Assert.Null(await Entities.StateAsync(key));

        await Entities.WaitForValueAsync(key, 4);
        Assert.True(Now - begun >= TimeSpan.FromSeconds(1.5));
    }

    [Conformance(Sources.EntityFeature + "#SignalEntityAsync", "An orchestration can signal for later too, and does not wait.")]
    public async Task Signal_ForLaterByAnOrchestration_Waits()
    {
        var key = NewId();
        await Runs.RunAsync("SignalLater", key);
        var before = await Entities.StateAsync(key);

        await Entities.WaitForValueAsync(key, 9);
        Assert.Null(before);
    }

    [Conformance(Sources.EntityContext + "#SignalEntity", "An entity can signal another, at once and for later.")]
    public async Task Signal_ByAnEntity_IsRun()
    {
        var (key, other, late) = (NewId(), NewId(), NewId());
        await Entities.SignalAsync(key, "Tell", other);
        await Entities.SignalAsync(key, "TellLater", late);

        await Entities.WaitForValueAsync(other, 7);
        Assert.Null(await Entities.StateAsync(late));
        await Entities.WaitForValueAsync(late, 8);
    }

    [Conformance(Sources.TaskEntity + "#RunAsync", "Names of operations are compared without regard to case.")]
    public async Task Operation_InAnotherCase_IsTheSame() => Assert.Equal("2", (await Entities.CallAsync(NewId(), "aDD", 2)).OutputText);

    [Conformance(Sources.DotNetEntities + "#defining-entity-classes", "Operations may be asynchronous.")]
    public async Task Operation_ThatAwaits_ReturnsItsResult() =>
        Assert.Equal("3", (await Entities.CallAsync(NewId(), "AddSlowlyAsync", 3)).OutputText);

    [Conformance(Sources.EntityInstanceId, "An entity's name is lower-cased, its key keeps its case; its id reads @name@key.")]
    public async Task Id_OfAnEntity_IsNameAndKey()
    {
        var key = NewId("MixedCase");

        Assert.Equal($"\"@tally@{key} tally {key}\"", (await Entities.CallAsync("TALLY", key, "WhoAmI", null)).OutputText);
        var entity = await Entities.GetAsync("tAlLy", key);
        Assert.Equal(($"@tally@{key}", "tally", key), (entity?.Id ?? $"@tally@{key}", entity?.Name ?? "tally", entity?.Key ?? key));
    }

    [Conformance(Sources.EntityInstanceId + "#FromString", "Keys that differ in case are different entities.")]
    public async Task Keys_InAnotherCase_AreOthers()
    {
        var key = NewId("KEY");
        await Entities.CallAsync(key, "Add", 1);

        Assert.Null(await Entities.StateAsync(key.ToLowerInvariant()));
    }

    [Conformance(Sources.DotNetEntities + "#deleting-entities", "The operation delete is there without being written, and deletes the state.")]
    public async Task Delete_NotWritten_DeletesTheState()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 1);
        await Entities.CallAsync(key, "delete");

        Assert.Null(await Entities.GetAsync("Tally", key));
    }

    [Conformance(Sources.DotNetEntities + "#deleting-entities", "An entity that is deleted begins again when it is next called.")]
    public async Task Deleted_Entity_BeginsAgain()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 5);
        await Entities.CallAsync(key, "delete");

        Assert.Equal("1", (await Entities.CallAsync(key, "Add", 1)).OutputText);
    }

    [Conformance(Sources.TaskEntity + "#State", "Setting the state to null deletes the entity.")]
    public async Task State_SetToNull_DeletesTheEntity()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 1);
        await Entities.CallAsync(key, "Forget");

        Assert.Null(await Entities.GetAsync("Tally", key));
    }

    [Conformance(Sources.DotNetEntities + "#deleting-entities", "An operation named Delete takes the place of the one that is not written.")]
    public async Task Delete_Written_IsRunInstead()
    {
        var key = NewId();
        await Entities.CallAsync("Injected", key, "Add", 1);
        await Entities.CallAsync("Injected", key, "delete", null);

        Assert.Equal("-100", (await Entities.GetAsync("Injected", key))!.State!.Value.GetRawText());
    }

    [Conformance(Sources.DotNetEntities + "#dependency-injection-in-entity-classes", "The dispatcher makes the entity with services of the app; a value type's state begins at its default.")]
    public async Task Entity_WithAService_GetsIt()
    {
        var key = NewId();
        await Entities.CallAsync("Injected", key, "Add", 4);
        await Entities.CallAsync("Injected", key, "Add", 4);

        Assert.Equal(["0", "4"], await Journal.ReadTextsAsync($"injected-{key}"));
    }

    [Conformance(Sources.TaskEntity + "#AllowStateDispatch", "Operations may be methods of the state, if the entity allows that.")]
    public async Task Operation_OfTheState_IsRun()
    {
        var key = NewId();

        Assert.Equal("1", (await Entities.CallAsync("StateDispatched", key, "Put", "apple")).OutputText);
        Assert.Equal("2", (await Entities.CallAsync("StateDispatched", key, "Put", "pear")).OutputText);
    }

    [Conformance(Sources.DotNetEntities + "#function-based-syntax", "An entity can be a function, under a name that its trigger gives.")]
    public async Task Entity_AsAFunction_HasStateAndInput()
    {
        var key = NewId();

        Assert.Equal($"\"{key} look False empty\"", (await Entities.CallAsync("Register", key, "look", null)).OutputText);
        Assert.Equal("\"empty\"", (await Entities.CallAsync("Register", key, "set", "full")).OutputText);
        Assert.Equal($"\"{key} look True full\"", (await Entities.CallAsync("Register", key, "look", null)).OutputText);
    }

    [Conformance(Sources.EntityState + "#SetState", "A function deletes its entity by setting null; HasInput tells whether there is one.")]
    public async Task Entity_AsAFunction_DeletesItself()
    {
        var key = NewId();
        await Entities.CallAsync("Register", key, "set", null);
        Assert.Equal("\"no input\"", (await Entities.CallAsync("Register", key, "clear", null)).OutputText);

        Assert.Null(await Entities.GetAsync("Register", key));
    }

    [Conformance(Sources.EntityContext + "#ScheduleNewOrchestration", "An entity starts an orchestration under the id that it gives, and learns the id.")]
    public async Task Entity_ThatStartsAnOrchestration_LearnsItsId()
    {
        var id = NewId("begun");
        var answer = await Entities.CallAsync(NewId(), "Begin", id);

        Assert.Equal($"\"{id}\"", answer.OutputText);
        var run = await Runs.WaitForAsync(id, run => run.IsCompleted);
        Assert.Equal("from an entity", run.Result<JsonElement>().GetProperty("input").GetString());
    }

    [Conformance(Sources.EntityContext, "Without an id, the orchestration that an entity starts gets one.")]
    public async Task Entity_ThatStartsAnOrchestrationWithoutAnId_GetsOne()
    {
        var answer = await Entities.CallAsync(NewId(), "BeginUnnamed");

        await Runs.WaitForAsync(answer.Result<string>(), run => run.Status == "Completed");
    }
}
