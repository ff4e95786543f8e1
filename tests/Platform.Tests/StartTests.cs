using DurableTask.Core.Exceptions;
using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Platform.Tests;

/// <summary>Starts of orchestrations under ids that are taken, free again, or odd.</summary>
public sealed class StartTests(PlatformFixture platform) : PlatformTest(platform)
{
    // host.json reference for Durable Functions: overridableExistingInstanceStates is NonRunningStates unless set.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_client_is_refused_a_start_under_an_id_that_runs()
    {
        var id = await StartCollectAsync("A");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => StartAsync("SetStatus", "other", id));

        await Durable.RaiseEventAsync(id, "A", "first", Cancellation);
        Assert.Equal(["first"], await OutputAsync<string[]>(id));
    }

    // As above.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_client_starts_again_under_an_id_that_has_ended()
    {
        var id = await StartAsync("SetStatus", "first");
        var first = await EndAsync(id);

        await StartAsync("SetStatus", "second", id);

        await OutputBecomesAsync(id, "second");
        Assert.True((await EndAsync(id)).CreatedAt > first.CreatedAt);
    }

    // Measured: no document says it. Only clients are refused: what an entity (or an orchestration) starts goes to the
    // instance's queue as a message, and a new execution takes the place of the one that runs, with its state and its events.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_start_by_an_entity_replaces_the_instance_that_runs_under_its_id()
    {
        var id = await StartCollectAsync("A");

        await StartByJournalAsync(PlatformFixture.NewId(), "SetStatus", "second", id);

        await OutputBecomesAsync(id, "second");
    }

    // Measured, as above.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_entity_starts_again_under_an_id_that_has_ended()
    {
        var journal = PlatformFixture.NewId();
        var id = PlatformFixture.NewId();
        foreach (var run in new[] { "first", "second", "third" })
        {
            await StartByJournalAsync(journal, "SetStatus", run, id);
            await OutputBecomesAsync(id, run);
        }
    }

    // Measured.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_start_of_an_unknown_orchestrator_is_accepted_and_fails()
    {
        var id = await StartAsync("NoSuchOrchestrator", null);

        var ended = await EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("NoSuchOrchestrator", ended.SerializedOutput, StringComparison.Ordinal);
    }

    // Measured. The back end's own document forbids the characters that table keys forbid; it escapes them.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_instance_id_may_hold_slashes_and_signs()
    {
        var id = await StartAsync("SetStatus", "odd", $"a/b#c?d%20{PlatformFixture.NewId()}");

        Assert.Equal("odd", await OutputAsync<string>(id));
    }

    // Durable entities, .NET isolated: ids that begin with @ are those of entities.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public Task A_client_refuses_an_instance_id_that_begins_as_an_entity_s() =>
        Assert.ThrowsAsync<ArgumentException>(() => StartAsync("SetStatus", "odd", $"@journal@{PlatformFixture.NewId()}"));

    // Durable Functions, instance management: terminate, suspend and resume. The reasons' forms are measured.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_reason_to_terminate_is_the_output_as_json()
    {
        var id = await StartCollectAsync("A");

        await Durable.TerminateInstanceAsync(id, "why: \"so\"", Cancellation);

        var ended = await EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        Assert.Equal("why: \"so\"", ended.ReadOutputAs<string>());
    }

    // As above.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_suspended_instance_keeps_its_events_and_shows_the_reason_as_plain_output()
    {
        var id = await StartCollectAsync("A");

        await Durable.SuspendInstanceAsync(id, "a reason", Cancellation);
        await Eventually.BecomesTrueAsync(
            async () => (await Durable.GetInstanceAsync(id, Cancellation))?.RuntimeStatus == OrchestrationRuntimeStatus.Suspended, Cancellation);
        Assert.Equal("a reason", (await Durable.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation))?.SerializedOutput);
        await Durable.RaiseEventAsync(id, "A", "kept", Cancellation);
        await Durable.ResumeInstanceAsync(id, "go on", Cancellation);

        Assert.Equal(["kept"], await OutputAsync<string[]>(id));
    }

    private Task StartByJournalAsync(string journal, string orchestrator, string input, string id) =>
        SignalAsync(journal, "Start", new { Orchestrator = orchestrator, Input = input, InstanceId = id });

    private Task OutputBecomesAsync(string id, string output) =>
        Eventually.BecomesTrueAsync(
            async () => (await Durable.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation))?.SerializedOutput == $"\"{output}\"",
            Cancellation);
}
