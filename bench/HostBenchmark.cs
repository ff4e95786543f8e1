using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Bench;

/// <summary>A host that knows many sessions while only twenty processes live: its memory, what a resume takes, and what a ready process saves.</summary>
internal sealed class HostBenchmark(int sessions, int turns)
{
    private const int Live = 20;
    private const int AtOnce = 4;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string> settings = new()
        {
            ["Host__MaxSessions"] = Live.ToString(CultureInfo.InvariantCulture),
        };
        await using var host = await BenchedHost.StartAsync(settings, cancellationToken);
        await AskAllAsync(host, 0, Live, cancellationToken);
        var (heapBefore, privateBefore) = await SettleAsync(host, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await AskAllAsync(host, Live, sessions, cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        var (heapAfter, privateAfter) = await SettleAsync(host, cancellationToken);

        var resumed = new Measurement("turn of a session whose process was closed");
        var raw = new Measurement("claude, from its start to its first answer");
        var rawResumed = new Measurement("claude --resume, from its start to its first answer");
        using var home = new TempDirectory();
        var known = Guid.NewGuid();
        await StartRawAsync(host, home, known, resume: false, cancellationToken);
        for (var turn = 0; turn < turns; turn++)
        {
            resumed.Add((await host.AskAsync($"s{turn}", $"again {turn}", cancellationToken)).Overhead);
            raw.Add(await StartRawAsync(host, home, Guid.NewGuid(), resume: false, cancellationToken));
            rawResumed.Add(await StartRawAsync(host, home, known, resume: true, cancellationToken));
        }

        Console.WriteLine($"{sessions} sessions known, {Live} live; {sessions - Live} began in {took.TotalSeconds:f0} s.");
        Console.WriteLine();
        Console.WriteLine("| host memory | with 20 sessions | with all | per idle session |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        Row("objects", heapBefore, heapAfter);
        Row("private pages", privateBefore, privateAfter);
        Console.WriteLine();
        Table.Write([resumed, rawResumed, raw]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Resume against the CLI's own: {resumed.Quantile(0.5) / rawResumed.Quantile(0.5):f2}."));
        Console.WriteLine();
    }

    private static async Task AskAllAsync(BenchedHost host, int from, int to, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            Enumerable.Range(from, Math.Max(0, to - from)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (session, token) => await host.AskAsync($"s{session}", $"hello {session}", token));

    // The host's own collector decides when what is no longer needed goes: the lowest of several looks is nearest to what is.
    private static async Task<(double Heap, double Private)> SettleAsync(BenchedHost host, CancellationToken cancellationToken)
    {
        var (heap, resident) = (double.MaxValue, double.MaxValue);
        for (var look = 0; look < 20; look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
            heap = Math.Min(heap, await host.ReadGaugeAsync("broker_host_heap_bytes", cancellationToken));
            resident = Math.Min(resident, host.ReadPrivateBytes());
        }

        return (heap, resident);
    }

    private static async Task<double> StartRawAsync(BenchedHost host, TempDirectory home, Guid session, bool resume, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = ClaudeCommand.Start(
            home.Path,
            host.Model.BaseUrl,
            "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            resume ? "--resume" : "--session-id", session.ToString());
        var line = JsonSerializer.Serialize(new { type = "user", message = new { role = "user", content = "hello" } });
        await process.StandardInput.WriteAsync((line + "\n").AsMemory(), cancellationToken);
        await process.StandardInput.FlushAsync(cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } answer)
        {
            using var message = JsonDocument.Parse(answer);
            if (message.RootElement.GetProperty("type").ValueEquals("result"))
            {
                break;
            }
        }

        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return took;
    }

    private void Row(string what, double before, double after) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {what} | {before / 1024 / 1024:f1} MiB | {after / 1024 / 1024:f1} MiB | {(after - before) / 1024 / Math.Max(1, sessions - Live):f1} KiB |"));
}
