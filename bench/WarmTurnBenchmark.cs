using System.Diagnostics;
using System.Globalization;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.LoopbackModel.Conversations;

namespace FunctionsBroker.Bench;

/// <summary>
/// A warm turn through the broker, in each of the ways into it, beside the raw persistent CLI and beside a process for
/// every message: the same model, the same machine, the same minutes, turn by turn in alternation.
/// </summary>
/// <param name="modelDelay">How long the model takes until it begins to answer.</param>
/// <param name="pause">Between two turns, so that what is still to do after one is not counted to the next.</param>
internal sealed class WarmTurnBenchmark(int turns, int oneShots, int warmUp, TimeSpan modelDelay, TimeSpan pause)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var thinking = string.Create(CultureInfo.InvariantCulture, $"delay={modelDelay.TotalMilliseconds:f0}ms");
        await using var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions { Defaults = thinking }, cancellationToken);
        await using var raw = new RawCli(model.BaseUrl);
        await using var oneShot = new OneShotCli(model.BaseUrl);
        await using var broker = await RunningBroker.StartAsync(model.BaseUrl);
        await using var http = new BrokerOverHttp(broker);
        await using var events = new BrokerOverEvents(broker);
        await using var queues = new BrokerOverQueues(broker);
        IContestant[] contestants = [raw, http, events, queues, oneShot];
        var totals = contestants.ToDictionary(contestant => contestant, contestant => new Measurement(contestant.Name));
        var firstDeltas = contestants.ToDictionary(contestant => contestant, contestant => new Measurement(contestant.Name));

        for (var round = -warmUp; round < turns; round++)
        {
            foreach (var contestant in contestants.Where(contestant => TakesPart(contestant, round)))
            {
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
                var (overhead, firstDelta) = await MeasureAsync(model, contestant, round, cancellationToken);
                if (round >= 0)
                {
                    totals[contestant].Add(overhead);
                    firstDeltas[contestant].AddIfAny(firstDelta);
                }
            }
        }

        Console.WriteLine("Whole turn, less the model's time:");
        Console.WriteLine();
        Table.Write([totals[raw], totals[http], totals[events], totals[queues], totals[oneShot]]);
        Console.WriteLine("Until the first piece of the answer:");
        Console.WriteLine();
        Table.Write([firstDeltas[raw], firstDeltas[events]]);
        ReportAdditions(totals[raw], totals[http], totals[queues], totals[oneShot]);
        ReportAddition("First piece over events", firstDeltas[raw], firstDeltas[events]);
        return 0;
    }

    // The one-shot process is slow; it is spread evenly over the run.
    private bool TakesPart(IContestant contestant, int round) =>
        contestant is not OneShotCli || round == -1 || (round >= 0 && oneShots > 0 && round % Math.Max(1, turns / oneShots) == 0);

    private static async Task<(double Overhead, double? FirstDelta)> MeasureAsync(
        LoopbackModelServer model,
        IContestant contestant,
        int round,
        CancellationToken cancellationToken)
    {
        var before = model.Requests is [.., var last] ? last.Sequence : 0;
        var prompt = $"turn {round}";
        var started = Stopwatch.GetTimestamp();
        var answer = await contestant.AskAsync(prompt, cancellationToken);
        var wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        if (!answer.Text.EndsWith(prompt, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"'{contestant.Name}' answered '{answer.Text}' to '{prompt}'.");
        }

        var requests = model.Requests.Where(request => request.Sequence > before && request.Kind == RequestKind.Turn);
        return (wall - requests.Sum(request => request.TotalMs ?? 0), answer.FirstDeltaMs);
    }

    private static void ReportAdditions(Measurement raw, Measurement http, Measurement queues, Measurement oneShot)
    {
        ReportAddition("Turn over HTTP", raw, http);
        ReportAddition("Queue to queue", raw, queues);
        if (oneShot.Count > 0)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Overhead against a process for every message: {oneShot.Quantile(0.5) / http.Quantile(0.5):f1} times smaller (the raw CLI: {oneShot.Quantile(0.5) / raw.Quantile(0.5):f1})."));
        }
    }

    private static void ReportAddition(string what, Measurement raw, Measurement broker) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}, the broker's addition to the raw CLI: p50 {broker.Quantile(0.5) - raw.Quantile(0.5):f1} ms, p99 {broker.Quantile(0.99) - raw.Quantile(0.99):f1} ms."));
}
