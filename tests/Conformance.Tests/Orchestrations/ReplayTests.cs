using System.Text.Json;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class ReplayTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.CodeConstraints + "#dates-and-times", "CurrentUtcDateTime gives the same value at the same point of every replay.")]
    public async Task Clock_ReadBeforeAnAwait_IsTheSameOnReplay() => Assert.True(await Runs.ResultOfAsync<bool>("ClockTwice"));

    [Conformance(Sources.OrchestrationContext, "CurrentUtcDateTime does not move between two awaits.")]
    public async Task Clock_ReadTwiceInOneEpisode_StandsStill() => Assert.True(await Runs.ResultOfAsync<bool>("ClockInOneEpisode"));

    [Conformance(Sources.DurableTimers, "CurrentUtcDateTime goes on with what the orchestration has waited for.")]
    public async Task Clock_AfterATimer_HasMovedOn() => Assert.True(await Runs.ResultOfAsync<TimeSpan>("ClockMoves") >= TimeSpan.FromSeconds(1));

    [Conformance(Sources.OrchestrationContext + "#CurrentUtcDateTime", "CurrentUtcDateTime is in UTC.")]
    public async Task Clock_Kind_IsUtc() =>
        Assert.Equal("Utc", (await Runs.ResultOfAsync<JsonElement>("Describe")).GetProperty("kind").GetString());

    [Conformance(Sources.CodeConstraints + "#guids-and-uuids", "NewGuid gives the same id at the same point of every replay.")]
    public async Task NewGuid_MadeBeforeAnAwait_IsTheSameOnReplay()
    {
        var ids = await Runs.ResultOfAsync<Guid[]>("Guids");

        Assert.Equal(ids[0], ids[2]);
    }

    [Conformance(Sources.OrchestrationContext + "#NewGuid", "Each call of NewGuid gives another id, in each orchestration others.")]
    public async Task NewGuid_InTwoCallsAndTwoInstances_Differs()
    {
        var first = await Runs.ResultOfAsync<Guid[]>("Guids");
        var second = await Runs.ResultOfAsync<Guid[]>("Guids");

        Assert.Equal(4, new HashSet<Guid>([first[0], first[1], second[0], second[1]]).Count);
        Assert.DoesNotContain(Guid.Empty, first);
    }

    [Conformance(Sources.OrchestrationContext + "#IsReplaying", "IsReplaying is true for code that has run before, false where it is new.")]
    public async Task IsReplaying_InTheLastEpisode_IsTrueUntilTheNewPart() =>
        Assert.Equal((bool[])[true, true, false], await Runs.ResultOfAsync<bool[]>("ReplayFlags"));

    [Conformance(Sources.Diagnostics + "#app-logging", "A replay-safe logger writes a line once, however often the code is replayed.")]
    public async Task ReplaySafeLogger_AcrossReplays_WritesOnce()
    {
        var topic = await Runs.ResultOfAsync<string>("LogTwice");

        Assert.Equal(["before", "after"], await Journal.ReadTextsAsync(topic));
        Assert.True((await Journal.ReadAsync($"{topic}.episodes")).Length >= 3, "The orchestrator was not replayed.");
    }

    [Conformance(Sources.CodeConstraints + "#durable-tasks", "An orchestrator that calls another activity than its history has fails as non-deterministic.")]
    public async Task Replay_ThatCallsAnotherActivity_FailsAsNonDeterministic()
    {
        var run = await Runs.RunAsync("Unsteady");

        Assert.Equal("Failed", run.Status);
        Assert.Contains("NonDeterministicOrchestrationException", run.Failure!.ErrorType, StringComparison.Ordinal);
        Assert.StartsWith("Non-Deterministic workflow detected", run.Failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Conformance(Sources.CodeConstraints, "An orchestrator that no longer calls what its history has fails as non-deterministic.")]
    public async Task Replay_ThatCallsLess_FailsAsNonDeterministic()
    {
        var run = await Runs.RunAsync("Forgetful");

        Assert.Equal("Failed", run.Status);
        Assert.Contains("NonDeterministicOrchestrationException", run.Failure!.ErrorType, StringComparison.Ordinal);
    }

    [Conformance(Sources.DurableBindings + "#orchestration-trigger", "The context has the instance's id and the function's name; a run that nobody called has no parent.")]
    public async Task Context_OfARootRun_HasItsIdAndNameAndNoParent()
    {
        var id = NewId();
        var run = await Runs.RunAsync("Describe", id: id);

        var described = run.Result<JsonElement>();
        Assert.Equal(id, described.GetProperty("instanceId").GetString());
        Assert.Equal("Describe", described.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, described.GetProperty("parent").ValueKind);
    }

    [Conformance(Sources.DurableBindings + "#trigger-usage", "The input is there as a parameter and through GetInput.")]
    public async Task Input_ByParameterAndByContext_IsTheSame()
    {
        var described = await Runs.ResultOfAsync<JsonElement>("Describe", new { a = 1, b = new[] { "x" } });

        Assert.Equal("""{"a":1,"b":["x"]}""", described.GetProperty("input").GetRawText());
        Assert.Equal("""{"a":1,"b":["x"]}""", described.GetProperty("again").GetRawText());
    }

    [Conformance(Sources.DurableBindings + "#orchestrator-input", "An orchestration that was started without an input gets none.")]
    public async Task Input_NotGiven_IsNull() =>
        Assert.Equal(JsonValueKind.Null, (await Runs.ResultOfAsync<JsonElement>("Describe")).GetProperty("input").ValueKind);
}
