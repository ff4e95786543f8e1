using FunctionsBroker.TestKit;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Platform.Tests;

/// <summary>What the tests of the durable parts have in common.</summary>
public abstract class PlatformTest(PlatformFixture platform)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected PlatformFixture Platform => platform;

    protected DurableTaskClient Durable => platform.Durable;

    protected static EntityInstanceId JournalOf(string key) => new("Journal", key);

    /// <summary>Starts an instance under that id, or under a new one.</summary>
    /// <returns>Its id.</returns>
    protected Task<string> StartAsync(string orchestrator, object? input, string? id = null, DateTimeOffset? startAt = null) =>
        Durable.ScheduleNewOrchestrationInstanceAsync(
            orchestrator, input, new StartOrchestrationOptions(id ?? PlatformFixture.NewId(), startAt), Cancellation);

    /// <summary>What a killed host had taken off its queues comes back after a minute; a test's own timeout is shorter where nothing is killed.</summary>
    protected static TimeSpan Patience { get; } = 4 * TestTimeouts.Default;

    /// <summary>Starts <c>Collect</c>, which waits for these events, and waits until it does.</summary>
    protected async Task<string> StartCollectAsync(params string[] names)
    {
        var id = await StartAsync("Collect", names);
        await WaitForStatusAsync(id, $"waiting for {names[0]}");
        return id;
    }

    protected Task WaitForStatusAsync(string id, string status) =>
        Eventually.BecomesTrueAsync(
            async () => (await Durable.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation))?.SerializedCustomStatus?.Contains(status, StringComparison.Ordinal) == true,
            Cancellation);

    // The client's own wait asks every two seconds only.
    protected async Task<OrchestrationMetadata> EndAsync(string id)
    {
        OrchestrationMetadata? instance = null;
        await Eventually.BecomesTrueAsync(
            async () => (instance = await Durable.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation)) is { IsCompleted: true }, Cancellation, Patience);
        return instance!;
    }

    protected async Task<T> OutputAsync<T>(string id)
    {
        var instance = await EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, instance.RuntimeStatus);
        return instance.ReadOutputAs<T>()!;
    }

    protected Task SignalAsync(string key, string operation, object? input = null, SignalEntityOptions? options = null) =>
        Durable.Entities.SignalEntityAsync(JournalOf(key), operation, input, options, Cancellation);

    protected async Task<IReadOnlyList<string>> LinesAsync(string key) =>
        await Durable.Entities.GetEntityAsync<JournalLines>(JournalOf(key), Cancellation) is { State.Lines: var lines } ? lines : [];

    protected Task WaitForLinesAsync(string key, int count) =>
        Eventually.BecomesTrueAsync(async () => (await LinesAsync(key)).Count >= count, Cancellation, Patience);

    /// <summary>The state of the app's entity.</summary>
    protected sealed record JournalLines(IReadOnlyList<string> Lines);
}
