using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>
/// An orchestration of one entity call, one activity and one external event on the local durable engine: alone, 50 at a
/// time, and as many as show whether anything is kept that should not be.
/// </summary>
internal sealed class EngineBenchmark(int runs, int throughput, int total)
{
    private const int InFlight = 50;
    private const int WarmUp = 200;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var hub = await EngineHub.StartAsync(cancellationToken);
        await RunManyAsync(hub, WarmUp, purge: false, cancellationToken);
        await AloneAsync(hub, cancellationToken);
        await ThroughputAsync(hub, cancellationToken);
        await MemoryAsync(hub, cancellationToken);
        return 0;
    }

    private static Task RunManyAsync(EngineHub hub, int count, bool purge, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
        async (_, token) => await hub.RunAsync(purge, token));

    private async Task AloneAsync(EngineHub hub, CancellationToken cancellationToken)
    {
        Measurement alone = new("one orchestration, alone");
        for (var run = 0; run < runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await hub.RunAsync(purge: false, cancellationToken);
            alone.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Print($"| what | n | p50 ms | p95 ms | p99 ms |");
        Print($"| --- | ---: | ---: | ---: | ---: |");
        Print($"| {alone.Name} | {alone.Count} | {alone.Quantile(0.5):f1} | {alone.Quantile(0.95):f1} | {alone.Quantile(0.99):f1} |");
        Print($"");
    }

    private async Task ThroughputAsync(EngineHub hub, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await RunManyAsync(hub, throughput, purge: false, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Print($"{throughput} orchestrations, {InFlight} in flight: {throughput / seconds:f0} per second.");
        Print($"");
    }

    private async Task MemoryAsync(EngineHub hub, CancellationToken cancellationToken)
    {
        Print($"| orchestrations run and purged | managed heap MiB | resident MiB | rows in the table |");
        Print($"| ---: | ---: | ---: | ---: |");
        var done = 0;
        foreach (var mark in new[] { 0.05, 0.25, 0.5, 0.75, 1 }.Select(part => (int)(part * total)))
        {
            await RunManyAsync(hub, mark - done, purge: true, cancellationToken);
            done = mark;
            var rows = await hub.CountRowsAsync(cancellationToken);
            var heap = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
            Print($"| {mark} | {heap:f1} | {Environment.WorkingSet / 1048576.0:f0} | {rows} |");
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
