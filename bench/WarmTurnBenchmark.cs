using System.Diagnostics;
using System.Globalization;
using FunctionsBroker.Local.Model;
using FunctionsBroker.Local.Model.Conversations;

namespace FunctionsBroker.Bench;

/// <summary>
/// A warm turn through the broker, beside the raw persistent CLI and beside a process for every message:
/// the same model, the same machine, the same minutes, turn by turn in alternation.
/// </summary>
internal sealed class WarmTurnBenchmark(int turns, int oneShots, int warmUp)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var model = await LoopbackModel.StartAsync(new LoopbackModelOptions(), cancellationToken);
        await using var raw = new RawCli(model.BaseUrl);
        await using var oneShot = new OneShotCli(model.BaseUrl);
        await using var broker = await BrokerOverHttp.StartAsync(model.BaseUrl);
        IContestant[] contestants = [raw, broker, oneShot];
        var measurements = contestants.ToDictionary(contestant => contestant, contestant => new Measurement(contestant.Name));

        for (var round = -warmUp; round < turns; round++)
        {
            foreach (var contestant in contestants.Where(contestant => TakesPart(contestant, round)))
            {
                var overhead = await MeasureAsync(model, contestant, round, cancellationToken);
                if (round >= 0)
                {
                    measurements[contestant].Add(overhead);
                }
            }
        }

        Report(measurements[raw], measurements[broker], measurements[oneShot]);
        return 0;
    }

    // The one-shot process is slow; it is spread evenly over the run.
    private bool TakesPart(IContestant contestant, int round) =>
        contestant is not OneShotCli || round == -1 || (round >= 0 && oneShots > 0 && round % Math.Max(1, turns / oneShots) == 0);

    private static async Task<double> MeasureAsync(LoopbackModel model, IContestant contestant, int round, CancellationToken cancellationToken)
    {
        var before = model.Requests is [.., var last] ? last.Sequence : 0;
        var prompt = $"turn {round}";
        var started = Stopwatch.GetTimestamp();
        var reply = await contestant.AskAsync(prompt, cancellationToken);
        var wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (!reply.EndsWith(prompt, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"'{contestant.Name}' answered '{reply}' to '{prompt}'.");
        }

        var requests = model.Requests.Where(request => request.Sequence > before && request.Kind == RequestKind.Turn);
        return wall - requests.Sum(request => request.TotalMs ?? 0);
    }

    private static void Report(Measurement raw, Measurement broker, Measurement oneShot)
    {
        Console.WriteLine("| what | n | p50 ms | p90 ms | p99 ms |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var measured in new[] { raw, broker, oneShot })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {measured.Name} | {measured.Count} | {measured.Quantile(0.5):f1} | {measured.Quantile(0.9):f1} | {measured.Quantile(0.99):f1} |"));
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Broker's addition to the raw CLI: p50 {broker.Quantile(0.5) - raw.Quantile(0.5):f1} ms, p99 {broker.Quantile(0.99) - raw.Quantile(0.99):f1} ms."));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Overhead against a process for every message: {oneShot.Quantile(0.5) / broker.Quantile(0.5):f1} times smaller (the raw CLI: {oneShot.Quantile(0.5) / raw.Quantile(0.5):f1})."));
    }
}
