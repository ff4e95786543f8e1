using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class ActivityTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.DurableBindings + "#activity-trigger", "Inputs and outputs of activities cross as JSON.")]
    public async Task Activity_WithAnyJson_GetsAndReturnsIt()
    {
        var run = await Runs.RunAsync("CallEcho", new { text = "ä\n\"", list = new object?[] { 1, 2.5, null, true }, nested = new { x = "y" } });

        Assert.Equal(["ä\n\"", "1", "2.5", "", "True", "y"], [
            run.Output!.Value.GetProperty("text").ToString(),
            .. run.Output.Value.GetProperty("list").EnumerateArray().Select(item => item.ToString()),
            run.Output.Value.GetProperty("nested").GetProperty("x").ToString()]);
    }

    [Conformance(Sources.DurableWorkerStartup, "Durable data are written by the worker's serializer, with the app's JSON options.")]
    public async Task Data_OfTheApp_AreWrittenByItsOptions() =>
        Assert.Equal("""{"text":"x","count":2}""", (await Runs.RunAsync("ReturnParcel", new { TEXT = "x", Count = 2 })).OutputText);

    [Conformance(Sources.DurableBindings + "#activity-input", "An activity's parameter may be an object of a type of the app.")]
    public async Task Activity_WithAnObject_GetsItsProperties() => Assert.Equal(12, await Runs.ResultOfAsync<int>("CallLength", new { text = "four", count = 3 }));

    [Conformance(Sources.OrchestrationContext + "#CallActivityAsync", "Without an input, an activity gets null; its null is null again.")]
    public async Task Activity_WithoutInput_GetsNull() => Assert.True(await Runs.ResultOfAsync<bool>("CallNullable"));

    [Conformance(Sources.DurableBindings + "#activity-trigger-usage", "An activity can ask for the id of the orchestration that called it.")]
    public async Task Activity_AsksWhoCalled_GetsTheInstanceId()
    {
        var run = await Runs.RunAsync("CallWhoAsked");

        Assert.Equal($"{run.InstanceId} WhoAsked", run.Result<string>());
    }

    [Conformance(Sources.Chaining, "Activities called one after the other each get what the one before returned.")]
    public async Task Activities_InAChain_RunInOrder() => Assert.Equal(8, await Runs.ResultOfAsync<int>("Chain", 8));

    [Conformance(Sources.FanOut, "WhenAll over activities gives all results, in the order of the calls.")]
    public async Task Activities_FannedOut_AllReturnInOrder() =>
        Assert.Equal(Enumerable.Range(0, 25), await Runs.ResultOfAsync<int[]>("FanOut", 25));

    [Conformance(Sources.ErrorHandling + "#errors-in-activity-functions", "One failed activity of several does not stop the others.")]
    public async Task Activities_FannedOutWithAFailure_AllComeToTheirEnd() =>
        Assert.Equal(["RanToCompletion", "Faulted", "RanToCompletion"], await Runs.ResultOfAsync<string[]>("FanOutWithFailure"));

    [Conformance(Sources.OrchestrationContext, "WhenAny completes with the first task; the others need not.")]
    public async Task WhenAny_OfAnEventAndAnActivity_TakesTheActivity() => Assert.Equal("soon", await Runs.ResultOfAsync<string>("FirstOfTwo"));

    [Conformance(Sources.FailedException, "A failed activity is a TaskFailedException that names the activity and has the failure's type and message.")]
    public async Task Failure_Caught_HasTypeMessageAndName()
    {
        var caught = await Runs.ResultOfAsync<JsonElement>("CatchFailure", "Fail");

        Assert.Equal("Fail", caught.GetProperty("taskName").GetString());
        Assert.Equal("System.ArgumentOutOfRangeException", caught.GetProperty("details").GetProperty("errorType").GetString());
        Assert.Equal("told so (Parameter 'message')", caught.GetProperty("details").GetProperty("errorMessage").GetString());
        Assert.True(caught.GetProperty("details").GetProperty("hasStackTrace").GetBoolean());
    }

    [Conformance(Sources.FailedException + "#Message", "The message of a TaskFailedException names the task and its cause.")]
    public async Task Failure_Caught_MessageNamesTheTask()
    {
        var caught = await Runs.ResultOfAsync<JsonElement>("CatchFailure", "Fail");

        var message = caught.GetProperty("message").GetString();
        Assert.StartsWith("Task 'Fail' (#0) failed with an unhandled exception:", message, StringComparison.Ordinal);
        Assert.EndsWith("told so (Parameter 'message')", message, StringComparison.Ordinal);
    }

    [Conformance(Sources.FailureDetails + "#IsCausedBy", "IsCausedBy holds for the exception's own type and its bases, not for others.")]
    public async Task Failure_IsCausedBy_LooksAtBaseTypes()
    {
        var caught = await Runs.ResultOfAsync<JsonElement>("CatchFailure", "Fail");

        Assert.True(caught.GetProperty("causedByItself").GetBoolean());
        Assert.True(caught.GetProperty("causedByBase").GetBoolean());
        Assert.False(caught.GetProperty("causedByOther").GetBoolean());
    }

    [Conformance(Sources.DurableHostMiddleware, "Calling an activity that there is none of fails the task; the orchestrator may catch that.")]
    public async Task Activity_Unknown_FailsTheTask()
    {
        var caught = await Runs.ResultOfAsync<JsonElement>("CatchFailure", "NoSuchActivity");

        Assert.Equal("NoSuchActivity", caught.GetProperty("taskName").GetString());
    }

    [Conformance(Sources.ErrorHandling, "A failure that the orchestrator does not catch fails the orchestration with the failure inside.")]
    public async Task Failure_NotCaught_FailsTheRun()
    {
        var run = await Runs.RunAsync("LetFail");

        Assert.Equal("Failed", run.Status);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", run.Failure!.ErrorType);
        Assert.Equal("System.ArgumentOutOfRangeException", run.Failure.Inner!.ErrorType);
    }

    [Conformance(Sources.FailureDetails + "#FromException", "An orchestrator's own exception is the failure, inner exceptions with it.")]
    public async Task Exception_OfTheOrchestrator_FailsTheRunWithItsCauses()
    {
        var run = await Runs.RunAsync("ThrowInner");

        Assert.Equal("Failed", run.Status);
        Assert.Equal(("System.InvalidOperationException", "outer cause"), (run.Failure!.ErrorType, run.Failure.ErrorMessage));
        Assert.Equal(("System.FormatException", "inner cause"), (run.Failure.Inner!.ErrorType, run.Failure.Inner.ErrorMessage));
    }

    [Conformance(Sources.DurableBindings + "#orchestrator-output", "An orchestrator may return null.")]
    public async Task Output_Null_Completes()
    {
        var run = await Runs.RunAsync("ReturnNull");

        Assert.Equal("Completed", run.Status);
        Assert.True(run.Output is null or { ValueKind: JsonValueKind.Null }, run.OutputText);
    }
}
