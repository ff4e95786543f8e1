using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Entities;

public sealed class FailureTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.EntityFailed, "A failed operation is an EntityOperationFailedException with entity, operation and failure.")]
    public async Task Operation_ThatThrows_FailsTheCall()
    {
        var key = NewId();
        var caught = (await Entities.CallAsync(key, "SpoilAndFail", NewId())).Result<JsonElement>();

        Assert.Equal($"@tally@{key}", caught.GetProperty("id").GetString());
        Assert.Equal("SpoilAndFail", caught.GetProperty("operationName").GetString());
        Assert.Equal("System.InvalidOperationException", caught.GetProperty("details").GetProperty("errorType").GetString());
        Assert.Equal("spoilt", caught.GetProperty("details").GetProperty("errorMessage").GetString());
    }

    [Conformance(Sources.EntityFailed + "#FailureDetails", "A failed operation's inner exceptions come with it.")]
    public async Task Operation_ThatThrows_KeepsTheCause()
    {
        var caught = (await Entities.CallAsync(NewId(), "SpoilAndFail", NewId())).Result<JsonElement>();

        Assert.Equal("System.FormatException", caught.GetProperty("details").GetProperty("inner").GetProperty("errorType").GetString());
    }

    [Conformance(Sources.DurableEntities + "#error-handling", "A failed operation leaves the state as it was.")]
    public async Task Operation_ThatThrows_LeavesTheState()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 5);
        await Entities.CallAsync(key, "SpoilAndFail", NewId());

        Assert.Equal(5, (await Entities.StateAsync(key))!.Value);
    }

    [Conformance(Sources.DurableEntities + "#error-handling", "A failed operation leaves an entity that did not exist without a state.")]
    public async Task Operation_ThatThrowsFirst_MakesNoEntity()
    {
        var key = NewId();
        await Entities.CallAsync(key, "SpoilAndFail", NewId());

        Assert.Null(await Entities.GetAsync("Tally", key));
    }

    [Conformance("https://github.com/microsoft/durabletask-dotnet/blob/main/src/Worker/Core/Shims/TaskEntityShim.cs", "What a failed operation has sent and started does not happen.")]
    public async Task Operation_ThatThrows_SendsNothing()
    {
        var (key, other) = (NewId(), NewId());
        await Entities.CallAsync(key, "SpoilAndFail", other);

        // A later signal over the same way has arrived, so an earlier one would have.
        await Entities.CallAsync(key, "Tell", other);
        await Entities.WaitForValueAsync(other, 7);
        Assert.Null(await Runs.GetAsync($"spoilt-{other}"));
    }

    [Conformance(Sources.TaskEntity + "#RunAsync", "An operation that there is none of fails as not supported.")]
    public async Task Operation_Unknown_FailsAsNotSupported()
    {
        var caught = (await Entities.CallAsync(NewId(), "NoSuchOperation")).Result<JsonElement>();

        Assert.Equal("System.NotSupportedException", caught.GetProperty("details").GetProperty("errorType").GetString());
    }

    [Conformance(Sources.DurableEntities + "#signaling-entities", "A signal whose operation fails tells nobody; later ones are run.")]
    public async Task Signal_ThatFails_DoesNotStopTheEntity()
    {
        var key = NewId();
        await Entities.SignalAsync(key, "SpoilAndFail", NewId());
        await Entities.SignalAsync(key, "Add", 2);

        await Entities.WaitForValueAsync(key, 2);
    }

    [Conformance(Sources.FailureDetails, "An entity's failure that is not caught fails the orchestration.")]
    public async Task Failure_NotCaught_FailsTheRun()
    {
        var run = await Runs.RunAsync("UncaughtEntityFailure", NewId());

        Assert.Equal("Failed", run.Status);
        Assert.Equal("Microsoft.DurableTask.Entities.EntityOperationFailedException", run.Failure!.ErrorType);
    }

    [Conformance(Sources.EntityFailed + "#Message", "The exception's message names the operation and the entity.")]
    public async Task Failure_Message_NamesOperationAndEntity()
    {
        var key = NewId();
        var caught = (await Entities.CallAsync(key, "SpoilAndFail", NewId())).Result<JsonElement>();

        var message = caught.GetProperty("message").GetString();
        Assert.Contains("SpoilAndFail", message, StringComparison.Ordinal);
        Assert.Contains(key, message, StringComparison.Ordinal);
    }
}
