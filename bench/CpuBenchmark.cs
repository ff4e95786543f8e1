using System.Diagnostics;
using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>The processor time that warm turns of one session take in the broker's processes, one turn after the other.</summary>
internal sealed class CpuBenchmark(int turns)
{
    private const int WarmUp = 300;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var host = await BenchedHost.StartAsync(new Dictionary<string, string>(), cancellationToken);
        await AskAsync(host, WarmUp, cancellationToken);
        (string Name, int Pid)[] parts = [("front", host.FrontPid), ("session host", host.HostPid), ("storage (Azurite)", host.StoragePid)];

        // What the compiler still has to make better of the code that was used belongs to no turn.
        await Task.Delay(s_rest, TimeProvider.System, cancellationToken);
        var idle = await MeasureAsync(parts, () => Task.Delay(s_rest, TimeProvider.System, cancellationToken));
        var busy = await MeasureAsync(parts, () => AskAsync(host, turns, cancellationToken));

        Console.WriteLine($"Processor time of {turns} turns, one after the other:");
        Console.WriteLine();
        Console.WriteLine("| process | per turn | at rest, per second |");
        Console.WriteLine("| --- | ---: | ---: |");
        foreach (var (name, _) in parts)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {busy.Cpu[name] / turns:f2} ms | {idle.Cpu[name] / idle.Elapsed.TotalSeconds:f2} ms |"));
        }

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Front and host together: {(busy.Cpu["front"] + busy.Cpu["session host"]) / turns:f2} ms a turn; a turn took {busy.Elapsed.TotalMilliseconds / turns:f1} ms."));
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
}
