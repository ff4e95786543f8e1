using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Platform.Tests;

/// <summary>What goes on after the worker, or host and worker, were killed.</summary>
/// <remarks>
/// Measured, all of it, unless said otherwise: Durable Functions promises that orchestrations go on by replay, and that activities run at least once.
/// </remarks>
public sealed class RecoveryTests(PlatformFixture platform) : PlatformTest(platform)
{
    private const int Limit = 5 * TestTimeouts.DefaultMilliseconds;

    public enum Victim
    {
        Worker,

        /// <summary>And the worker, which ends with it.</summary>
        Host,
    }

    // Durable Functions, orchestrator code constraints: replay gives the same ids and times, and does not run activities again.
    [Theory(Timeout = Limit)]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.Host)]
    public async Task An_orchestration_goes_on_and_sees_the_same_again(Victim victim)
    {
        using var folder = new TempDirectory();
        var id = await StartAsync("Steps", folder.Path);
        await WaitForStatusAsync(id, "-");

        await KillAsync(victim);
        await Durable.RaiseEventAsync(id, "Go", "on", Cancellation);

        var output = await OutputAsync<string[]>(id);
        Assert.Equal(output[0], Assert.Single(await File.ReadAllLinesAsync(folder.Combine("first"), Cancellation)));
        Assert.Equal(output[1], Assert.Single(await File.ReadAllLinesAsync(folder.Combine("second"), Cancellation)));
    }

    // The real host too: the extension has no case for an activity whose worker has died.
    [Fact(Timeout = Limit)]
    public async Task An_activity_fails_with_its_worker_and_an_attempt_is_spent()
    {
        using var once = new TempDirectory();
        using var twice = new TempDirectory();
        var failing = await StartHoldAsync(once, attempts: 1);
        var retrying = await StartHoldAsync(twice, attempts: 2);

        await KillAsync(Victim.Worker);
        await ReleaseAsync(twice);

        Assert.Equal("released", await OutputAsync<string>(retrying));
        Assert.Equal(2, CountHolds(twice));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await EndAsync(failing)).RuntimeStatus);
        Assert.Equal(1, CountHolds(once));
    }

    // What a killed host had taken off its queues comes back after a minute: an activity runs again, and no attempt is spent. Signals
    // come later than those that were sent after the kill, and what was done but not yet deleted comes back too: those of a client
    // that awaits each come all, but in any order, and some of them twice.
    [Fact(Timeout = Limit)]
    public async Task What_a_killed_host_had_in_hand_comes_back()
    {
        using var folder = new TempDirectory();
        var id = await StartHoldAsync(folder, attempts: 1);
        var key = PlatformFixture.NewId();
        await SignalManyAsync(key, 1, 5);

        await KillAsync(Victim.Host);
        await ReleaseAsync(folder);
        await SignalManyAsync(key, 6, 5);

        Assert.Equal("released", await OutputAsync<string>(id));
        Assert.Equal(2, CountHolds(folder));
        await Eventually.BecomesTrueAsync(async () => (await LinesAsync(key)).Distinct().Count() == 10, Cancellation, Patience);
    }

    // The real host too (read: OutOfProcMiddleware.cs of azure-functions-durable-extension aborts an entity's batch for a time-out
    // only; for anything else the batch counts as failed). Who needs an entity to know something has to look whether it does.
    [Fact(Timeout = Limit)]
    public async Task Signals_that_an_entity_works_on_are_lost_with_its_worker()
    {
        using var folder = new TempDirectory();
        var key = PlatformFixture.NewId();
        await SignalAsync(key, "Hold", folder.Path);
        await Eventually.BecomesTrueAsync(() => HasLine(folder.Combine("held")), Cancellation);

        await KillAsync(Victim.Worker);
        await ReleaseAsync(folder);
        await SignalManyAsync(key, 1, 1);

        await WaitForLinesAsync(key, 1);
        Assert.Equal(["1"], await LinesAsync(key));
        Assert.Equal(1, CountHolds(folder));
    }

    // An entity that is idle when the worker dies has all that it had.
    [Theory(Timeout = Limit)]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.Host)]
    public async Task An_entity_keeps_its_state(Victim victim)
    {
        var key = PlatformFixture.NewId();
        await SignalManyAsync(key, 1, 2);
        await WaitForLinesAsync(key, 2);

        await KillAsync(victim);
        await SignalManyAsync(key, 3, 1);

        await WaitForLinesAsync(key, 3);
        Assert.Equal(["1", "2", "3"], await LinesAsync(key));
    }

    private async Task KillAsync(Victim victim)
    {
        if (victim == Victim.Host)
        {
            await Platform.KillHostAsync(Cancellation);
        }
        else
        {
            await Platform.KillWorkerAsync(Cancellation);
        }
    }

    private async Task SignalManyAsync(string key, int first, int count)
    {
        foreach (var number in Enumerable.Range(first, count))
        {
            await SignalAsync(key, "Add", $"{number}");
        }
    }

    /// <summary>Starts an orchestration whose activity runs until <see cref="ReleaseAsync"/>, and waits until it runs.</summary>
    private async Task<string> StartHoldAsync(TempDirectory folder, int attempts)
    {
        var id = await StartAsync("CallHold", new { Folder = folder.Path, Attempts = attempts });
        await Eventually.BecomesTrueAsync(() => HasLine(folder.Combine("held")), Cancellation);
        return id;
    }

    private static Task ReleaseAsync(TempDirectory folder) => File.WriteAllTextAsync(folder.Combine("release"), "", Cancellation);

    /// <summary>A file that is being made is there before what is written to it.</summary>
    private static bool HasLine(string file) => new FileInfo(file) is { Exists: true, Length: > 0 };

    private static int CountHolds(TempDirectory folder) => File.ReadAllLines(folder.Combine("held")).Length;
}
