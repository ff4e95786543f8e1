using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FunctionsBroker.Bench;

/// <summary>The same turns in a conversation whose transcript has 200 KB and in one that has 200 MB.</summary>
/// <remarks>The long one is made long by lines that the CLI does not count as messages, so that the model's share stays the same.</remarks>
internal sealed class TranscriptBenchmark(int megabytes, int turns)
{
    private const int Short = 200 * 1024;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var host = await BenchedHost.StartAsync(new Dictionary<string, string>(), cancellationToken);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (session, length) in new[] { ("short", (long)Short), ("long", megabytes * 1024L * 1024) })
        {
            var (turn, _) = await host.AskAsync(session, $"the {session} one", cancellationToken);
            files[session] = FindTranscript(host, $"the {session} one");
            Pad(files[session], length);
            await host.AskAsync(session, $"warm {turn.TurnId}", cancellationToken);
        }

        Measurement[] warm = [new("warm turn, short transcript"), new("warm turn, long transcript")];
        Measurement[] history = [new("page of history, short transcript"), new("page of history, long transcript")];
        for (var turn = 0; turn < turns; turn++)
        {
            foreach (var (index, session) in new[] { (0, "short"), (1, "long") })
            {
                warm[index].Add((await host.AskAsync(session, $"turn {turn}", cancellationToken)).Overhead);
                history[index].Add(await host.ReadHistoryAsync(session, cancellationToken));
            }
        }

        Measurement[] resumed = [new("resume, short transcript"), new("resume, long transcript")];
        for (var turn = 0; turn < Math.Max(3, turns / 10); turn++)
        {
            foreach (var (index, session) in new[] { (0, "short"), (1, "long") })
            {
                var (last, _) = await host.AskAsync(session, $"before {turn}", cancellationToken);
                using var process = Process.GetProcessById(last.Attempts[^1].Process!.Pid);
                process.Kill();
                await process.WaitForExitAsync(cancellationToken);
                resumed[index].Add((await host.AskAsync(session, $"after {turn}", cancellationToken)).Overhead);
            }
        }

        Console.WriteLine($"Transcripts of {new FileInfo(files["short"]).Length / 1024} KiB and {new FileInfo(files["long"]).Length / 1024 / 1024} MiB.");
        Console.WriteLine();
        Table.Write([.. warm, .. history, .. resumed]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Long against short: warm turn {warm[1].Quantile(0.5) / warm[0].Quantile(0.5):f2}, history {history[1].Quantile(0.5) / history[0].Quantile(0.5):f2}, resume {resumed[1].Quantile(0.5) / resumed[0].Quantile(0.5):f2}."));
    }

    private static string FindTranscript(BenchedHost host, string prompt) =>
        Directory.EnumerateFiles(host.SessionsPath, "*.jsonl", SearchOption.AllDirectories)
            .First(file => new FileInfo(file).Length < Short && File.ReadAllText(file).Contains(prompt, StringComparison.Ordinal));

    private static void Pad(string file, long length)
    {
        var line = Encoding.UTF8.GetBytes($$"""{"type":"last-prompt","padding":"{{new string('p', 8_000)}}"}""" + "\n");
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        while (stream.Length < length)
        {
            stream.Write(line);
        }
    }
}
