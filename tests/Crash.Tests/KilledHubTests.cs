using System.Collections.Concurrent;
using System.Globalization;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Crash.Tests;

/// <summary>
/// A process that runs a task hub is killed again and again, anywhere, until its work is done all the same. What the hub
/// holds in the end must be what it holds after a life without a kill.
/// </summary>
/// <remarks>The environment variable BROKER_CRASH_SEED repeats the kills of a run that failed.</remarks>
[Trait("Category", "Emulator")]
public sealed class KilledHubTests(AzuriteFixture azurite, ITestOutputHelper report)
{
    private const int Kills = 500;
    private const int HubsAtATime = 2;

    // After so many a hub is let run to its end, so that a run always ends.
    private const int MostKillsOfAHub = 60;

    private readonly ConcurrentQueue<int> _killsOfHubs = new();
    private int _kills;

    [Fact(Timeout = 1_800_000)]
    public async Task Hub_KilledAnywhereAgainAndAgain_EndsAsIfItHadNotBeen()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("BROKER_CRASH_SEED"), CultureInfo.InvariantCulture, out int given)
            ? given
            : Random.Shared.Next();
        report.WriteLine($"BROKER_CRASH_SEED={seed}");
        var uncut = await CrashingApp.LiveAsync(
            azurite.ConnectionString, AzuriteFixture.UniqueName("hub"), KillPlan.None, TestContext.Current.CancellationToken);
        Assert.NotNull(uncut);

        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, HubsAtATime),
                new ParallelOptions { MaxDegreeOfParallelism = HubsAtATime, CancellationToken = TestContext.Current.CancellationToken },
                async (lane, cancellationToken) =>
                {
                    var random = new Random(seed + lane);
                    while (_kills < Kills)
                    {
                        await KillAndCompareAsync(random, uncut, $"BROKER_CRASH_SEED={seed}", cancellationToken);
                    }
                });
        }
        finally
        {
            // Also when it was too slow, or stuck: how far it got.
            report.WriteLine($"{_kills} kills of {_killsOfHubs.Count} hubs: {string.Join(' ', _killsOfHubs)}");
        }

        Assert.True(_kills >= Kills, $"{_kills} kills.");
    }

    private async Task KillAndCompareAsync(
        Random random, IReadOnlyList<string> uncut, string seed, CancellationToken cancellationToken)
    {
        string hub = AzuriteFixture.UniqueName("hub");
        var plans = new List<KillPlan>();
        IReadOnlyList<string>? end = null;
        while (end is null)
        {
            plans.Add(plans.Count < MostKillsOfAHub ? KillPlan.Next(random) : KillPlan.None);
            end = await CrashingApp.LiveAsync(azurite.ConnectionString, hub, plans[^1], cancellationToken);
            Interlocked.Increment(ref _kills);
        }

        _killsOfHubs.Enqueue(plans.Count);
        AssertSame(uncut, end, $"{seed}, hub {hub} killed {string.Join(", ", plans)}");

        // Nor may what the next life finds differ from what the last one saw.
        var again = await CrashingApp.LiveAsync(azurite.ConnectionString, hub, KillPlan.None, cancellationToken);
        Interlocked.Increment(ref _kills);
        AssertSame(uncut, again ?? [], $"{seed}, hub {hub} started once more after {string.Join(", ", plans)}");
    }

    private static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string history)
    {
        string[] differences = [.. expected.Except(actual).Select(line => "- " + line), .. actual.Except(expected).Select(line => "+ " + line)];
        Assert.True(differences.Length == 0, $"{history}:\n{string.Join('\n', differences)}");
    }
}
