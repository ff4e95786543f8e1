using System.Globalization;

namespace FunctionsBroker.Bench;

/// <summary>What front and host hold for a session whose process lives, and for one whose process was closed.</summary>
internal sealed class MemoryBenchmark(int live, int idle)
{
    private const int First = 5;
    private const int AtOnce = 2;

    // A small nursery, so that the pages tell of what is kept and not of what has not been collected yet.
    private const string NurseryVariable = "DOTNET_GCgen0size";
    private const string Nursery = "400000";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Environment.SetEnvironmentVariable(NurseryVariable, Nursery);
        Dictionary<string, string> settings = new() { ["Host__MaxSessions"] = live.ToString(CultureInfo.InvariantCulture) };
        await using var host = await BenchedHost.StartAsync(settings, cancellationToken);
        Environment.SetEnvironmentVariable(NurseryVariable, null);

        await AskAllAsync(host, 0, First, cancellationToken);
        var few = await SettleAsync(host, cancellationToken);
        await AskAllAsync(host, First, live, cancellationToken);
        var all = await SettleAsync(host, cancellationToken);
        await AskAllAsync(host, live, live + idle, cancellationToken);
        var known = await SettleAsync(host, cancellationToken);

        Console.WriteLine($"Memory of a session, from {First} to {live} live ones, and from there to {idle} more that were closed to make room:");
        Console.WriteLine();
        Console.WriteLine("| what | per live session | per idle session |");
        Console.WriteLine("| --- | ---: | ---: |");
        Row("host, objects", figures => figures.HostObjects);
        Row("host, private pages", figures => figures.HostPrivate);
        Row("front, private pages", figures => figures.FrontPrivate);
        Console.WriteLine();

        void Row(string what, Func<Figures, double> of) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {(of(all) - of(few)) / 1024 / Math.Max(1, live - First):f1} KiB | {(of(known) - of(all)) / 1024 / Math.Max(1, idle):f1} KiB |"));
    }

    // Each session has two turns: what a second one leaves behind belongs to it too.
    private static async Task AskAllAsync(BenchedHost host, int from, int to, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            Enumerable.Range(from, Math.Max(0, to - from)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (session, token) =>
            {
                await host.AskAsync($"m{session}", $"hello {session}", token);
                await host.AskAsync($"m{session}", $"hello again {session}", token);
            });

    // The collectors decide when what is no longer needed goes: the lowest of several looks is nearest to what is. One
    // session in use keeps them going.
    private static async Task<Figures> SettleAsync(BenchedHost host, CancellationToken cancellationToken)
    {
        var lowest = new Figures(double.MaxValue, double.MaxValue, double.MaxValue);
        for (var look = 0; look < 60; look++)
        {
            await host.AskAsync("m0", $"look {look}", cancellationToken);
            lowest = new Figures(
                Math.Min(lowest.HostObjects, await host.ReadGaugeAsync("broker_host_heap_bytes", cancellationToken)),
                Math.Min(lowest.HostPrivate, ProcessFigures.ReadPrivateBytes(host.HostPid)),
                Math.Min(lowest.FrontPrivate, ProcessFigures.ReadPrivateBytes(host.FrontPid)));
        }

        return lowest;
    }

    private readonly record struct Figures(double HostObjects, double HostPrivate, double FrontPrivate);
}
