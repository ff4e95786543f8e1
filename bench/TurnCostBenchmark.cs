using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>What warm turns of one session, one after the other, cost the broker's processes: processor time, then requests to storage.</summary>
internal sealed class TurnCostBenchmark(int turns)
{
    private const int WarmUp = 300;
    private const string Storage = "storage (Azurite)";
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var host = await BenchedHost.StartAsync(new Dictionary<string, string>(), cancellationToken);
        await AskAsync(host, WarmUp, cancellationToken);
        (string Name, int Pid)[] programs = host.WorkerPid is { } worker
            ? [("Functions host", host.FrontPid), ("front", worker), ("session host", host.HostPid)]
            : [("front", host.FrontPid), ("session host", host.HostPid)];
        (string Name, int Pid)[] all = [.. programs, (Storage, host.StoragePid)];
        Task Rest() => Task.Delay(s_rest, TimeProvider.System, cancellationToken);
        Task Turns() => AskAsync(host, turns, cancellationToken);

        // What the compiler still has to make better of the code that was used belongs to no turn.
        await Rest();
        var (idleCpu, idle) = await MeasureAsync(all, Rest);
        var (busyCpu, busy) = await MeasureAsync(all, Turns);
        await Rest();
        var idleRequests = await TraceAsync(programs, host.StoragePorts, Rest);
        var requests = await TraceAsync(programs, host.StoragePorts, Turns);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{turns} turns, one after the other, of {busy.TotalMilliseconds / turns:f1} ms each:"));
        Console.WriteLine();
        Console.WriteLine("| process | processor time of a turn | at rest, per second | requests to storage of a turn | at rest, per second |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (name, _) in all)
        {
            var cpu = string.Create(CultureInfo.InvariantCulture, $"{busyCpu[name] / turns:f1} ms | {idleCpu[name] / idle.TotalSeconds:f0} ms");
            var asked = name == Storage ? " | " : string.Create(
                CultureInfo.InvariantCulture,
                $"{(double)requests[name].Values.Sum() / turns:f1} | {idleRequests[name].Values.Sum() / s_rest.TotalSeconds:f1}");
            Console.WriteLine($"| {name} | {cpu} | {asked} |");
        }

        Console.WriteLine();
        Console.WriteLine("| process | asks | requests of a turn | at rest, per second |");
        Console.WriteLine("| --- | --- | ---: | ---: |");
        foreach (var (name, _) in programs)
        {
            foreach (var (what, count) in requests[name].OrderByDescending(of => of.Value))
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {what} | {(double)count / turns:f2} | {idleRequests[name].GetValueOrDefault(what) / s_rest.TotalSeconds:f1} |"));
            }
        }

        Console.WriteLine();
    }

    private static async Task AskAsync(BenchedHost host, int count, CancellationToken cancellationToken)
    {
        for (var turn = 0; turn < count; turn++)
        {
            await host.AskAsync("cpu", $"turn {turn}", cancellationToken);
        }
    }

    private static async Task<(Dictionary<string, double> Cpu, TimeSpan Elapsed)> MeasureAsync((string Name, int Pid)[] parts, Func<Task> work)
    {
        var before = parts.ToDictionary(part => part.Name, part => ProcessFigures.ReadCpuMs(part.Pid));
        var started = Stopwatch.GetTimestamp();
        await work();
        return (parts.ToDictionary(part => part.Name, part => ProcessFigures.ReadCpuMs(part.Pid) - before[part.Name]), Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Apart from the processor time, which watching costs.</summary>
    private static async Task<Dictionary<string, IReadOnlyDictionary<string, int>>> TraceAsync((string Name, int Pid)[] programs, IReadOnlySet<int> ports, Func<Task> work)
    {
        var traces = programs.Select(program => (program.Name, Trace: StorageTrace.Start(program.Pid, ports))).ToList();
        await work();
        Dictionary<string, IReadOnlyDictionary<string, int>> counts = [];
        foreach (var (name, trace) in traces)
        {
            counts[name] = await trace.StopAsync();
        }

        return counts;
    }
}
