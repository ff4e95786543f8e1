using FunctionsBroker.TestKit;
using Grpc.Core;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Platform.Tests;

/// <summary>Events that come early, late, to nobody, or to more than one wait.</summary>
/// <remarks>
/// What cannot be a test: an event that is raised directly after a client's start is sometimes lost, without an error (measured: 5 of
/// 300, ten at a time on a loaded machine). It overtakes the start where that is put back into its queue, because the
/// instance's row has not been written yet. So an event may be relied on only where the instance is known to run.
/// </remarks>
public sealed class EventTests(PlatformFixture platform) : PlatformTest(platform)
{
    // Durable Functions, external events: "events with the wrong instance id are discarded"; of the worker's client, measured: NotFound.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_event_to_an_instance_that_was_never_started_is_refused_and_not_kept()
    {
        var id = PlatformFixture.NewId();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => Durable.RaiseEventAsync(id, "A", "early", Cancellation));

        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
        await StartAsync("Collect", new[] { "A" }, id);
        await WaitForStatusAsync(id, "waiting for A");
        await Durable.RaiseEventAsync(id, "A", "late", Cancellation);
        Assert.Equal(["late"], await OutputAsync<string[]>(id));
    }

    // As above; measured: FailedPrecondition.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_event_to_an_instance_that_has_ended_is_refused_and_not_kept()
    {
        var id = await StartAsync("SetStatus", "ended");
        await EndAsync(id);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => Durable.RaiseEventAsync(id, "A", "early", Cancellation));

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        await StartAsync("Collect", new[] { "A" }, id);
        await WaitForStatusAsync(id, "waiting for A");
        await Durable.RaiseEventAsync(id, "A", "late", Cancellation);
        Assert.Equal(["late"], await OutputAsync<string[]>(id));
    }

    // Microsoft.DurableTask.Abstractions, remarks of WaitForExternalEvent: kept until it is waited for, names without case.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Events_that_nobody_waits_for_yet_are_kept_in_order()
    {
        var id = await StartCollectAsync("A", "B", "B");

        await Durable.RaiseEventAsync(id, "b", "first", Cancellation);
        await Durable.RaiseEventAsync(id, "B", "second", Cancellation);
        await Durable.RaiseEventAsync(id, "A", "third", Cancellation);

        Assert.Equal(["third", "first", "second"], await OutputAsync<string[]>(id));
    }

    // Measured: the remarks only promise that each event completes one wait.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_event_goes_to_the_wait_that_was_begun_last()
    {
        var id = await StartAsync("WaitTwice", null);
        await WaitForStatusAsync(id, "waiting");

        await Durable.RaiseEventAsync(id, "Go", "first event", Cancellation);
        await Durable.RaiseEventAsync(id, "Go", "second event", Cancellation);

        Assert.Equal(["second event", "first event"], await OutputAsync<string[]>(id));
    }

    // Microsoft.DurableTask.Abstractions, TaskOrchestrationContext.SendEvent; that nothing is said of a lost one is measured.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_orchestration_sends_events_and_does_not_hear_that_nobody_got_them()
    {
        var id = await StartCollectAsync("A");

        await SendAsync(id, "sent");

        Assert.Equal(["sent"], await OutputAsync<string[]>(id));
        await SendAsync(id, "too late");
        await SendAsync(PlatformFixture.NewId(), "to nobody");
    }

    // Microsoft.DurableTask.Client, StartOrchestrationOptions.StartAt; the loss is measured.
    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task An_event_to_an_instance_that_is_to_start_later_is_lost()
    {
        var id = await StartAsync("Collect", new[] { "A" }, startAt: TimeProvider.System.GetUtcNow().AddSeconds(20));

        await Durable.RaiseEventAsync(id, "A", "early", Cancellation);

        await WaitForStatusAsync(id, "waiting for A");
        await Durable.RaiseEventAsync(id, "A", "late", Cancellation);
        Assert.Equal(["late"], await OutputAsync<string[]>(id));
    }

    private async Task SendAsync(string id, string value)
    {
        var sender = await StartAsync("Send", new { InstanceId = id, Name = "A", Value = value });
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await EndAsync(sender)).RuntimeStatus);
    }
}
