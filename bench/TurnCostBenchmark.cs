using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>What warm turns of one session, one after the other, cost the broker's processes: processor time, then requests to storage.</summary>
internal sealed class TurnCostBenchmark(int turns, TimeSpan pause)
{
    private const int WarmUp = 300;
    private const string Storage = "storage (Azurite)";
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var host = await BenchedHost.StartAsync(new Dictionary<string, string>(), cancellationToken);
        await AskAsync(host, WarmUp, TimeSpan.Zero, cancellationToken);
        (string Name, int Pid)[] programs = host.WorkerPid is { } worker
            ? [("Functions host", host.FrontPid), ("front", worker), ("session host", host.HostPid)]
            : [("front", host.FrontPid), ("session host", host.HostPid)];
        (string Name, int Pid)[] all = [.. programs, (Storage, host.StoragePid)];
        int[] pids = [.. all.Select(part => part.Pid)];
        Task RestAsync() => Task.Delay(s_rest, TimeProvider.System, cancellationToken);
        Task SettleAsync() => BenchedHost.SettleAsync(pids, cancellationToken);

        // The durable engine ends its work for a turn long after the turn: what it does then is part of the cost.
        async Task<TimeSpan> TurnsAsync()
        {
            var started = Stopwatch.GetTimestamp();
            await AskAsync(host, turns, pause, cancellationToken);
            var took = Stopwatch.GetElapsedTime(started);
            await SettleAsync();
            return took;
        }

        await SettleAsync();
        var idleCpu = await MeasureAsync(all, RestAsync);
        var took = TimeSpan.Zero;
        var busyCpu = await MeasureAsync(all, async () => took = await TurnsAsync());
        var idle = await TraceAsync(programs, host.StoragePorts, RestAsync);
        var busy = await TraceAsync(programs, host.StoragePorts, TurnsAsync);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{turns} turns, one after the other, of {(took - (pause * turns)).TotalMilliseconds / turns:f1} ms each, {pause.TotalMilliseconds:f0} ms apart; the work for them was done {busyCpu.Elapsed.TotalSeconds - took.TotalSeconds:f0} s after the last:"));
        Console.WriteLine();
        Console.WriteLine("| process | processor time of a turn | at rest, per second | requests to storage of a turn | at rest, per second |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (name, _) in all)
        {
            var resting = idleCpu.Of[name] / idleCpu.Elapsed.TotalSeconds;
            var cpu = string.Create(CultureInfo.InvariantCulture, $"{(busyCpu.Of[name] - (resting * busyCpu.Elapsed.TotalSeconds)) / turns:f1} ms | {resting:f0} ms");
            var asked = name == Storage ? " | " : string.Create(
                CultureInfo.InvariantCulture,
                $"{busy.Of[name].Keys.Sum(what => PerTurn(name, what)):f1} | {busy.Of[name].Keys.Sum(what => Resting(name, what)):f1}");
            Console.WriteLine($"| {name} | {cpu} | {asked} |");
        }

        Console.WriteLine();
        Console.WriteLine("| process | asks | requests of a turn | at rest, per second |");
        Console.WriteLine("| --- | --- | ---: | ---: |");
        foreach (var (name, _) in programs)
        {
            foreach (var what in busy.Of[name].Keys.OrderByDescending(what => PerTurn(name, what)))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {what} | {PerTurn(name, what):f2} | {Resting(name, what):f1} |"));
            }
        }

        Console.WriteLine();

        double Resting(string name, string what) => idle.Of[name].GetValueOrDefault(what) / idle.Elapsed.TotalSeconds;

        double PerTurn(string name, string what) => (busy.Of[name][what] - (Resting(name, what) * busy.Elapsed.TotalSeconds)) / turns;
    }

    private static async Task AskAsync(BenchedHost host, int count, TimeSpan pause, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < count; turn++)
        {
            await host.AskAsync("cpu", $"turn {turn}", cancellationToken);
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<(Dictionary<string, double> Of, TimeSpan Elapsed)> MeasureAsync((string Name, int Pid)[] parts, Func<Task> work)
    {
        var before = parts.ToDictionary(part => part.Name, part => ProcessFigures.ReadCpuMs(part.Pid));
        var started = Stopwatch.GetTimestamp();
        await work();
        return (parts.ToDictionary(part => part.Name, part => ProcessFigures.ReadCpuMs(part.Pid) - before[part.Name]), Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Apart from the processor time, which watching costs.</summary>
    private static async Task<(Dictionary<string, IReadOnlyDictionary<string, int>> Of, TimeSpan Elapsed)> TraceAsync((string Name, int Pid)[] programs, IReadOnlySet<int> ports, Func<Task> work)
    {
        var traces = programs.Select(program => (program.Name, Trace: StorageTrace.Start(program.Pid, ports))).ToList();
        var started = Stopwatch.GetTimestamp();
        await work();
        var elapsed = Stopwatch.GetElapsedTime(started);
        Dictionary<string, IReadOnlyDictionary<string, int>> counts = [];
        foreach (var (name, trace) in traces)
        {
            counts[name] = await trace.StopAsync();
        }

        return (counts, elapsed);
    }
}
