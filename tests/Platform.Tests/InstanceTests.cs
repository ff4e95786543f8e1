using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Platform.Tests;

/// <summary>Looking for instances, and forgetting those that have ended.</summary>
public sealed class InstanceTests(PlatformFixture platform) : PlatformTest(platform)
{
    // Times are compared by the millisecond, and an instance may be made in the one in which the test asks for the time.
    private static readonly TimeSpan s_bit = TimeSpan.FromSeconds(1);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    // Durable Functions, instance management: query all instances, and query by filters.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Instances_are_found_by_status_time_and_prefix()
    {
        var from = Now - s_bit;
        var prefix = await StartThreeAsync();

        Assert.Equal(["ended", "failed", "running"], await ListAsync(prefix, from));
        Assert.Equal(["ended"], await ListAsync(prefix, from, OrchestrationRuntimeStatus.Completed));
        Assert.Equal(["failed", "running"], await ListAsync(prefix, from, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Running));
        Assert.Empty(await ListAsync(prefix, Now + s_bit));
    }

    // Durable Functions, instance management: purge instance history. It takes what was created by then, whenever it ended.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Purging_takes_what_has_ended_with_that_status_and_was_created_by_then()
    {
        var from = Now - s_bit;
        var prefix = await StartThreeAsync();

        await PurgeAsync(from, OrchestrationRuntimeStatus.Completed);
        Assert.Equal(["ended", "failed", "running"], await ListAsync(prefix, from));

        await PurgeAsync(Now + s_bit, OrchestrationRuntimeStatus.Completed);
        Assert.Equal(["failed", "running"], await ListAsync(prefix, from));

        await PurgeAsync(Now + s_bit, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated);
        Assert.Equal(["running"], await ListAsync(prefix, from));
    }

    // Measured: entities are instances that run, and are left alone.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Purging_leaves_what_runs_and_entities()
    {
        var from = Now - s_bit;
        var prefix = await StartThreeAsync();
        await SignalAsync(prefix, "Add", "kept");
        await WaitForLinesAsync(prefix, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Durable.PurgeInstanceAsync($"{prefix}running", Cancellation));
        await PurgeAsync(Now + s_bit, OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Running);

        Assert.Equal(["failed", "running"], await ListAsync(prefix, from));
        Assert.Equal(["kept"], await LinesAsync(prefix));
    }

    /// <returns>What their ids begin with.</returns>
    private async Task<string> StartThreeAsync()
    {
        var prefix = PlatformFixture.NewId();
        await StartAsync("SetStatus", "x", $"{prefix}ended");
        await StartAsync("Break", null, $"{prefix}failed");
        await StartAsync("Collect", new[] { "A" }, $"{prefix}running");
        await EndAsync($"{prefix}ended");
        await EndAsync($"{prefix}failed");
        await WaitForStatusAsync($"{prefix}running", "waiting for A");
        return prefix;
    }

    private Task<PurgeResult> PurgeAsync(DateTimeOffset createdTo, params OrchestrationRuntimeStatus[] statuses) =>
        Durable.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedTo: createdTo, Statuses: statuses), Cancellation);

    private async Task<IReadOnlyList<string>> ListAsync(string prefix, DateTimeOffset from, params OrchestrationRuntimeStatus[] statuses)
    {
        var query = new OrchestrationQuery(CreatedFrom: from, Statuses: statuses, InstanceIdPrefix: prefix);
        return await Durable.GetAllInstancesAsync(query).Select(instance => instance.InstanceId[prefix.Length..]).Order().ToListAsync(Cancellation);
    }
}
